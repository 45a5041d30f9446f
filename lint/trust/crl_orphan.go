package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var crlOrphan = &lint.Rule{
	ID:       "trust/crl-orphan",
	Title:    "A CRL has no CA in the directory",
	Why:      "The CA was removed, or never was here. The CRL still counts when a user or host sends the CA's certificate along. Once the CRL expires, ARC refuses them.",
	Source:   "arc-behaviour D9",
	Impact:   lint.Hygiene,
	Facts:    []string{"D9"},
	Severity: lint.Note,
	Effect:   "Nothing renews a CRL without its CA. Once it expires, ARC refuses users and hosts of the CA even if they send the CA's certificate along.",
	Action:   "Install the CA from its package, or remove the CRL.",
	Recipe:   lint.Manual,
	ByHand: `Look whose CRL it is, and whether the root above that CA is still trusted:

    cd /etc/grid-security/certificates
    openssl crl -in HASH.r0 -noout -issuer -nextupdate

If it is, keep the CRL: without it, revoked certificates of the CA get in if
the CA's certificate is sent along. Install the CA from its package, so that
fetch-crl renews the CRL:

    fetch-crl

If the CA and its root were removed on purpose, remove the CRL too:

    rm HASH.r0

Check the directory:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, d := range trustDirs(s) {
			if unseen := d.Unseen(); unseen != "" {
				r.Skip("%s was not read, so it is not known which CRLs have no CA", unseen)
				return
			}
		}
		for _, i := range issuedCRLs(s) {
			if i.ca == nil {
				r.Path(i.path(), "the CA of this CRL, %s, is not here", commonName(i.crl.IssuerName)).About(i.crl.IssuerName)
			}
		}
	},
}
