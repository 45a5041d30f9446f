package trust

import (
	"net/url"
	"strings"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/verify"
	"arclint/lint"
)

// at reports a finding at the first place that names the issuer and relates
// the others.
func at(s *site.Site, r *lint.Reporter, it verify.IssuerTrust, format string, args ...any) *lint.Finding {
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

// named says whether arc.conf names the issuer; otherwise it is only pinned.
func named(s *site.Site, it verify.IssuerTrust) bool {
	for _, span := range it.NamedAt {
		if inConfig(s, span) {
			return true
		}
	}
	return false
}

func inConfig(s *site.Site, span source.Span) bool {
	for _, f := range s.Conf.Files {
		if span.File == f {
			return true
		}
	}
	return false
}

// isHTTP says whether the issuer's URL is plain http.
func isHTTP(issuer string) bool {
	u, err := url.Parse(issuer)
	return err == nil && strings.EqualFold(u.Scheme, "http")
}
