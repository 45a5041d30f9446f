package trust

import (
	"strings"

	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var overTrust = &lint.Rule{
	ID:    "trust/over-trust",
	Title: "x509_cert_policy trusts every public CA for client certificates",
	Why: "With any or system (and their .nofile and .onlyfile forms) the CE accepts client certificates of the hundred and more public CAs of the operating system beside or in place of the grid's. " +
		"Together with authgroups that look at certificates the identity behind a subject is then as good as the weakest of these CAs. " +
		"The key fetch trusts them as well: trust/issuer-impersonation speaks of that.",
	Source:   "arc-behaviour H4, C9, F1",
	Facts:    []string{"H4", "C9"},
	Severity: lint.Error,
	Where:    func(r site.Release) bool { return r.CertPolicy.Known() },
	Recipe:   "restore-policy-grid",
	Check: func(s *site.Site, r *lint.Reporter) {
		value, at, ok := policyOption(s)
		if !ok || value == "grid" || !opens(s, value) {
			return
		}
		n := ofSystem(s, trust.Anchors(s, trust.Client))
		if n == 0 {
			if s.System.Missing() {
				r.Skip("%s has no OpenSSL store in this root, so it is not known which public CAs x509_cert_policy=%s lets in", s.OpenSSLDir(), value)
			}
			return
		}
		rule, decides := x509Rule(s)
		if !decides {
			r.At(at, "x509_cert_policy=%s accepts client certificates of %s of the operating system, want grid: no authgroup here decides by certificate, so they get nothing today", value, lint.Plural(n, "CA")).
				As(lint.Note).About("x509_cert_policy")
			return
		}
		r.At(at, "x509_cert_policy=%s accepts client certificates of %s of the operating system, want grid: authgroups here decide by certificate", value, lint.Plural(n, "CA")).
			About("x509_cert_policy").Relate(rule, "decides by certificate")
	},
}

// opens says whether the release reads the value as it is written; what it
// reads as something else is the business of trust/policy-value-misread.
func opens(s *site.Site, value string) bool {
	if s.Release.Measured == "7.0.0" {
		return value == "system"
	}
	base, _, _ := strings.Cut(value, ".")
	return base == "any" || base == "system"
}
