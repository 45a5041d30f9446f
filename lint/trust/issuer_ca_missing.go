package trust

import (
	"arclint/internal/site"
	"arclint/internal/verify"
	"arclint/lint"
)

var issuerCAMissing = &lint.Rule{
	ID:    "trust/issuer-ca-missing",
	Title: "The CE cannot fetch a token issuer's keys, since it does not trust the CA of the issuer's certificate",
	Why: "To check a token the CE fetches the issuer's keys over HTTPS. For that connection ARC trusts the CAs in /etc/grid-security/certificates, whatever x509_cert_dir says " +
		"(on 7.2.0 also the system's, if x509_cert_policy says so). IGTF holds no Amazon, Let's Encrypt or other purely public CA, so the connection fails and every token of the issuer is refused: " +
		"with 403 on ARC 6.17 and 500 on ARC 7. The obvious repairs open holes. The public root among the grid CAs lets any holder of a client certificate under it authenticate on ARC 7, where signing policies are not enforced, " +
		"and lets any holder of a server certificate under it pose as the issuer, because ARC does not compare the issuer's certificate with its host name. " +
		"x509_cert_policy=system or any opens both to every public CA. The recipes are the narrow ways.",
	Source:   "arc-behaviour D1, D5, I1, S10, H1-H4",
	Facts:    []string{"D1", "D5", "I1", "H1", "H2"},
	Severity: lint.Error,
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, it := range verify.Trust(s) {
			if it.KeyFetch != verify.FetchRefused || isHTTP(it.Issuer) || onlyInIgnoredDir(s, it) {
				continue
			}
			f := at(s, r, it, "this CE refuses every token of %s: %s", it.Issuer, it.Reason)
			f.Message += "; want the issuer trusted in a way that admits nobody else"
			f.With("anchor", it.Anchor)
		}
	},
}
