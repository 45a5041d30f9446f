package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var crlOrphan = &lint.Rule{
	ID:       "trust/crl-orphan",
	Title:    "A CRL has no CA in the directory",
	Why:      "The CA was removed, or never stood here. The CRL still counts when a chain brings the CA's certificate along: once it expires, the CA's certificates are refused.",
	Source:   "arc-behaviour D9",
	Facts:    []string{"D9"},
	Severity: lint.Note,
	Recipe:   lint.Manual,
	ByHand: `If the CA was removed on purpose, remove its CRL too. Look first whether a
package brings it.

    cd /etc/grid-security/certificates
    openssl crl -in HASH.r0 -noout -issuer -nextupdate
    rm HASH.r0

If the CA is to be trusted, install it from the package that holds it, and
fetch its CRL. Check the directory:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, i := range issuedCRLs(s) {
			if i.ca == nil {
				r.Path(i.path(), "the CA %s of this CRL does not stand here, want both or neither: nobody renews a CRL without its CA", i.crl.IssuerName).About(i.crl.IssuerName)
			}
		}
	},
}
