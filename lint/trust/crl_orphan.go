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
	ByHand: `Look whose CRL it is, and whether the root above that CA is still trusted:

    cd /etc/grid-security/certificates
    openssl crl -in HASH.r0 -noout -issuer -nextupdate

If it is, keep the CRL: without it, revoked certificates of the CA get in with a
chain that brings the CA along. Install the CA from its package, so that
fetch-crl renews the CRL:

    fetch-crl

If the CA and its root were removed on purpose, remove the CRL too:

    rm HASH.r0

Check the directory:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, d := range trustDirs(s) {
			if unseen := d.Unseen(); unseen != "" {
				r.Skip("%s was not read, so it is not known whose CRLs have no CA", unseen)
				return
			}
		}
		for _, i := range issuedCRLs(s) {
			if i.ca == nil {
				r.Path(i.path(), "the CA %s of this CRL does not stand here, want both or neither: nobody renews a CRL without its CA", i.crl.IssuerName).About(i.crl.IssuerName)
			}
		}
	},
}
