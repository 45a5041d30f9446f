package trust

import (
	"encoding/json"
	"net/url"
	"strings"

	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var jwksOtherCA = &lint.Rule{
	ID:    "trust/jwks-other-ca",
	Title: "A token issuer keeps its keys on another host, whose CA must be trusted too",
	Why: "ARC makes two connections for an issuer's keys: one to the issuer for the metadata, one to the host of jwks_uri. It checks both certificates against the same directory. " +
		"If jwks_uri is on another host under another CA, the first works and the second fails, and ARC refuses every token.",
	Source:   "arc-behaviour I1",
	Impact:   lint.Outage,
	Facts:    []string{"I1"},
	Severity: lint.Error,
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, it := range trust.Issuers(s) {
			jwks := keysURL(s, it.Issuer)
			if jwks == nil || it.KeyFetch == trust.FetchPinned || it.KeyFetch == trust.FetchRefused || sameHost(it.Issuer, jwks) {
				continue
			}
			if jwks.Scheme != "https" {
				at(s, r, it, "the keys of %s are not at an https address", it.Issuer).
					Means("ARC gets the keys from %s, %s", jwks, keysCalledUnsafe).Do("Ask the issuer to publish its keys with https.")
				continue
			}
			reportKeysHost(s, r, it, jwks)
		}
	},
}

func reportKeysHost(s *site.Site, r *lint.Reporter, it trust.IssuerTrust, jwks *url.URL) {
	host, port, err := issuers.HostPort(jwks.String())
	if err != nil {
		return
	}
	evidence := s.Evidence.For(host, port)
	if evidence == nil || len(evidence.Chain) == 0 {
		r.Skip("%s keeps its keys on %s, and the chain that this host sends is not known; give --evidence with %s.pem", it.Issuer, jwks.Host, host)
		return
	}
	if v := trust.Chain(s, trust.Issuer, evidence.Chain); !v.Accepted && v.Known() {
		why, action := hostRefused(v)
		at(s, r, it, "tokens of %s are refused: its keys are on an untrusted host", it.Issuer).
			Means("ARC cannot fetch the keys from %s. %s", jwks.Host, why).Do("%s", orPin(s, action))
	}
}

// hostRefused says why ARC does not accept the host of the keys, and what to do.
func hostRefused(v trust.Verdict) (why, action string) {
	if ca := trust.MissingAnchor(v); ca != "" {
		return "It does not trust the CA of this host, " + ca + ".", "install this CA for token issuers only, not for clients"
	}
	return "The connection fails: " + whyRefused(v) + ".", "ask the issuer for a server certificate that ARC accepts"
}

// keysURL is the jwks_uri of the issuer, from pinned metadata or the registry;
// nil where it is not known.
func keysURL(s *site.Site, issuer string) *url.URL {
	for _, p := range s.Pinned {
		if !p.Is(issuer) || p.Metadata == nil {
			continue
		}
		var metadata struct {
			JWKS string `json:"jwks_uri"`
		}
		if json.Unmarshal(p.Metadata.Data, &metadata) == nil && metadata.JWKS != "" {
			return absolute(metadata.JWKS)
		}
	}
	known, ok := issuers.Known().Lookup(issuer)
	if !ok {
		return nil
	}
	return absolute(known.JWKS)
}

// absolute gives nil for what is no absolute URL ("unknown" in the registry).
func absolute(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil || !u.IsAbs() || u.Host == "" {
		return nil
	}
	return u
}

func sameHost(issuer string, jwks *url.URL) bool {
	u, err := url.Parse(issuer)
	return err == nil && strings.EqualFold(u.Host, jwks.Host)
}

// whyRefused is the last step of the reasoning, which says it for people.
func whyRefused(v trust.Verdict) string {
	if len(v.Trace) == 0 {
		return string(v.Reason)
	}
	return strings.TrimPrefix(v.Trace[len(v.Trace)-1].Text, "refused: ")
}
