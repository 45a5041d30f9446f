package trust

import (
	"time"

	"arclint/internal/site"
	"arclint/lint"
)

var crlNotYetValid = &lint.Rule{
	ID:       "trust/crl-not-yet-valid",
	Title:    "A CRL is not valid yet",
	Why:      "OpenSSL refuses every end-entity certificate of a CA whose CRL is not valid yet. In most cases the clock of this host is behind.",
	Source:   "arc-behaviour D9; RFC 5280 section 5.1.2.4",
	Impact:   lint.Outage,
	Facts:    []string{"D9"},
	Severity: lint.Error,
	Effect:   certsRefused,
	Action:   "Check the clock of this host. If it is right, fetch a CRL that is valid now.",
	Recipe:   "refresh-crls",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, i := range issuedCRLs(s) {
			if i.crl.ThisUpdate.After(s.Now) && !i.spared {
				r.Path(i.path(), "the CRL of %s is valid only from %s",
					commonName(i.crl.IssuerName), i.crl.ThisUpdate.UTC().Format(time.RFC3339)).
					About(i.crl.IssuerName).With("path", i.path())
			}
		}
	},
}
