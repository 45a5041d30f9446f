package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var crlExpired = &lint.Rule{
	ID:    "trust/crl-expired",
	Title: "A CRL is past its nextUpdate",
	Why: "OpenSSL refuses every end-entity certificate of a CA whose CRL is past its nextUpdate: all users of the CA are locked out, and the keys of an issuer under it cannot be fetched. " +
		"What counts is nextUpdate, not the age of the file, at which ARC's own check looks. An intermediate CA's certificate is not affected, since ARC looks at the CRL for the end entity only.",
	Source:   "arc-behaviour D9, S9; RFC 5280 section 5.1.2.5; arc-checks b5.11",
	Facts:    []string{"D9", "S9"},
	Severity: lint.Error,
	Recipe:   "refresh-crls",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, i := range issuedCRLs(s) {
			if i.crl.NextUpdate.IsZero() || i.crl.NextUpdate.After(s.Now) || i.spared {
				continue
			}
			f := r.Path(i.path(), "CRL of %s expired on %s, want a current one: every certificate that the CA gave to a user or host is refused", i.crl.IssuerName, i.crl.NextUpdate.UTC().Format(day)).
				About(i.crl.IssuerName).With("path", i.path())
			if newest := newestCRL(s); newest.After(i.crl.NextUpdate) {
				f.RelatePath(i.dir.Path, "another CRL here is of %s, so that fetch-crl runs: see what it says of this CA", newest.UTC().Format(day))
			}
			if i.ca == nil {
				f.As(lint.Warning).Headline += ", where its chain brings the CA's own certificate, which does not stand here"
			}
		}
	},
}
