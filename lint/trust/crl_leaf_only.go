package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var crlLeafOnly = &lint.Rule{
	ID:    "trust/crl-leaf-only",
	Title: "A CA that its issuer has revoked is trusted",
	Why: "ARC looks at CRLs for the end-entity certificate only, so it still accepts an intermediate CA that its root has revoked. " +
		"The root's CRL does not help. Only removing the intermediate CA from the directory does, and even then a client may send it along.",
	Source:   "arc-behaviour S9",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"S9"},
	Severity: lint.Error,
	Effect:   "ARC does not look at CRLs for CA certificates, and still accepts everything under this CA.",
	Action:   "Remove the CA.",
	Recipe:   "remove-anchor",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, i := range issuedCRLs(s) {
			if !i.signed {
				continue
			}
			for _, c := range i.dir.anchors {
				if c.IssuerHash == i.crl.IssuerHash && !selfIssued(c) && revokes(i.crl, c) {
					r.Path(c.File.Path, "the certificate of %s was revoked by %s", commonName(c.SubjectName), commonName(c.IssuerName)).
						About(c.SubjectName).With("path", c.File.Path).RelatePath(i.path(), "revoked here")
				}
			}
		}
	},
}

// reasonRemoved is removeFromCRL (RFC 5280 section 5.3.1), which revokes nothing.
const reasonRemoved = 8

func revokes(crl *gridsec.CRL, c *gridsec.Certificate) bool {
	for _, e := range crl.RevokedCertificateEntries {
		if e.ReasonCode != reasonRemoved && e.SerialNumber.Cmp(c.SerialNumber) == 0 {
			return true
		}
	}
	return false
}
