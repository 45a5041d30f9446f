package host

import (
	"arclint/internal/site"
	"arclint/internal/verify"
	"arclint/lint"
)

var untrusted = &lint.Rule{
	ID:    "host/untrusted",
	Title: "The CE's own trust anchors do not cover its host certificate",
	Why: "ARC 6.17 does not start when x509_cert_dir does not hold the host certificate's CA. ARC 7 starts; clients that trust what this CE trusts refuse it, " +
		"unless its certificate comes from a CA that they know from elsewhere.",
	Source:   "arc-behaviour C1; arc-checks b1.21, b4",
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		c := leaf(s)
		if c == nil || s.Now.After(c.NotAfter) || s.Now.Before(c.NotBefore) {
			return // cert-expired speaks of it
		}
		v := verify.For(s, verify.Client).Verify(s.Host.Cert.Certificates, verify.Issuer, s.Now)
		switch v.Reason {
		case verify.OK, verify.WrongPurpose, verify.WeakKey:
			return // purpose and weak speak of it
		}
		f := r.Path(s.Host.CertPath, "the trust anchors of this CE do not accept its host certificate (%s, issued by %s), want its CA in x509_cert_dir: clients with the same anchors refuse the CE", v.Reason, c.IssuerName).About(c.SubjectName)
		if !s.Release.Is7() {
			f.As(lint.Error)
		}
	},
}
