package trust

import (
	"net/url"
	"slices"
	"strings"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/trust"
	"arclint/lint"
)

// at reports a finding at the first place that names the issuer and relates
// the others.
func at(s *site.Site, r *lint.Reporter, it trust.IssuerTrust, format string, args ...any) *lint.Finding {
	var f *lint.Finding
	if len(it.NamedAt) == 0 {
		f = r.Path(s.ConfigPath(), format, args...)
	} else {
		f = r.At(it.NamedAt[0], format, args...)
		for _, other := range it.NamedAt[1:] {
			f.Relate(other, "named here too")
		}
	}
	return f.About(it.Issuer).With("issuer", it.Issuer)
}

// namedIn gives the places of arc.conf that name the issuer. An issuer without
// one is only pinned: no rule gives its tokens anything.
func namedIn(s *site.Site, it trust.IssuerTrust) []source.Span {
	var places []source.Span
	for _, span := range it.NamedAt {
		if slices.Contains(s.Conf.Files, span.File) {
			places = append(places, span)
		}
	}
	return places
}

// isHTTP says whether the issuer's URL is plain http.
func isHTTP(issuer string) bool {
	u, err := url.Parse(issuer)
	return err == nil && strings.EqualFold(u.Scheme, "http")
}

// fetched says whether the CE tries to fetch the keys of the issuer at all.
func fetched(s *site.Site, issuer string) bool {
	return issuer != "*" && !isHTTP(issuer) && (s.Release.IssuerWithoutScheme || strings.Contains(issuer, "://"))
}
