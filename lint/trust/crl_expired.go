package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var crlExpired = &lint.Rule{
	ID:    "trust/crl-expired",
	Title: "A CRL is past its nextUpdate",
	Why: "OpenSSL refuses every end-entity certificate of a CA whose CRL is past its nextUpdate. " +
		"All users of the CA are kept out, and ARC cannot fetch the keys of an issuer under it. " +
		"What counts is nextUpdate, not the age of the file, at which ARC's own check looks. " +
		"The certificate of an intermediate CA is not affected, since ARC looks at the CRL for the end entity only.",
	Source:   "arc-behaviour D9, S9; RFC 5280 section 5.1.2.5; arc-checks b5.11",
	Impact:   lint.Outage,
	Facts:    []string{"D9", "S9"},
	Severity: lint.Error,
	Effect:   certsRefused,
	Action:   "Fetch the current CRL of the CA.",
	Recipe:   "refresh-crls",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, i := range issuedCRLs(s) {
			if i.crl.NextUpdate.IsZero() || i.crl.NextUpdate.After(s.Now) || i.spared {
				continue
			}
			f := r.Path(i.path(), "the CRL of %s expired on %s", commonName(i.crl.IssuerName), i.crl.NextUpdate.UTC().Format(day)).
				About(i.crl.IssuerName).With("path", i.path())
			if newest := newestCRL(s); newest.After(i.crl.NextUpdate) {
				f.RelatePath(i.dir.Path, "another CRL here is from %s, so fetch-crl runs: see what it says about this CA", newest.UTC().Format(day))
			}
			if i.ca == nil {
				f.As(lint.Warning).Means("The CA is not among the trust anchors here. ARC refuses its users and hosts even if they send the CA's certificate along.")
			}
		}
	},
}
