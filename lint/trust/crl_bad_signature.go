package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var crlBadSignature = &lint.Rule{
	ID:    "trust/crl-bad-signature",
	Title: "A CRL is not signed by its CA",
	Why: "OpenSSL refuses every end-entity certificate of a CA whose CRL has a wrong signature, unless another CRL of the CA is in order. " +
		"Either the CA has a new key, and this CRL or this certificate is the old one, or somebody changed the file.",
	Source:   "arc-behaviour D9; RFC 5280 section 6.3.3",
	Impact:   lint.Outage,
	Facts:    []string{"D9"},
	Severity: lint.Error,
	Effect:   certsRefused,
	Action:   "Fetch the current CRL of the CA.",
	Recipe:   "refresh-crls",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, i := range issuedCRLs(s) {
			if i.ca == nil || i.signed || i.spared {
				continue
			}
			if i.doubt != "" {
				r.Skip("it is not known whether the CRL %s is signed by %s: %s", i.path(), i.crl.IssuerName, i.doubt)
				continue
			}
			r.Path(i.path(), "the CRL of %s is not signed with the key of the CA here", commonName(i.crl.IssuerName)).
				About(i.crl.IssuerName).With("path", i.path()).RelatePath(i.ca.File.Path, "the CA")
		}
	},
}
