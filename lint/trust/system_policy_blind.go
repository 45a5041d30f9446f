package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var systemPolicyBlind = &lint.Rule{
	ID:    "trust/system-policy-blind",
	Title: "With x509_cert_policy=system ARC 7.2 does not look into the hash directory for client certificates",
	Why: "The start script of 7.2.0 writes an element for system that the server does not know. For client certificates only OpenSSL's default file counts then, " +
		"not the directory beside it and not the grid CAs: a CA that was added to the directory is not trusted, and every grid user is refused.",
	Source:   "arc-behaviour C9; S72 src/services/a-rex/arc-arex-ws-start.in:240, src/hed/mcc/tls/ConfigTLSMCC.cpp",
	Facts:    []string{"C9"},
	Severity: lint.Error,
	Since:    "7.2.0",
	Recipe:   "restore-policy-grid",
	Check: func(s *site.Site, r *lint.Reporter) {
		o := policyOption(s)
		if o == nil || o.Value.Text != "system" {
			return
		}
		f := r.At(o.Value.Span, "ARC 7.2 looks up client certificates in %s alone, want grid (or system.nofile for the directory): grid users are refused", s.System.FilePath).
			About("x509_cert_policy")
		if x509Rule(s) == nil {
			f.As(lint.Note).Message = "ARC 7.2 looks up client certificates in " + s.System.FilePath + " alone: no authgroup here decides by certificate, so nobody is kept out"
		}
	},
}
