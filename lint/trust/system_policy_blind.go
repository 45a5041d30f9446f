package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var systemPolicyBlind = &lint.Rule{
	ID:    "trust/system-policy-blind",
	Title: "With x509_cert_policy=system the grid CAs do not count for client certificates",
	Why: "On ARC 7.0.0 neither clients nor token issuers are looked up among the grid CAs then. The start script of 7.2.0 writes an element for system that the server does not know. " +
		"For client certificates only OpenSSL's default file counts then, not the directory beside it and not the grid CAs. With system.nofile and system.onlyfile it is the directory or the file alone. " +
		"In all cases every user with a certificate of a grid CA is refused.",
	Source:   "arc-behaviour C9; S72 src/services/a-rex/arc-arex-ws-start.in:240, src/hed/mcc/tls/ConfigTLSMCC.cpp",
	Impact:   lint.Outage,
	Facts:    []string{"C9"},
	Severity: lint.Error,
	Action:   "Set x509_cert_policy to grid.",
	Where:    func(r site.Release) bool { return r.CertPolicy.Known() },
	Recipe:   "restore-policy-grid",
	Check: func(s *site.Site, r *lint.Reporter) {
		value, at, ok := policyOption(s)
		where, blind := blindValues(s)[value]
		if !ok || !blind {
			return
		}
		f := r.At(at, "x509_cert_policy=%s does not trust the grid CAs for clients", value).About("x509_cert_policy")
		if rule, decides := x509Rule(s); decides {
			f.Means("ARC looks up client certificates in %s alone. Users with certificates of grid CAs are refused.", where).Relate(rule, "decides by certificate")
			return
		}
		f.Means("ARC looks up client certificates in %s alone. No authgroup here decides by certificate, so nobody is kept out today.", where).As(lint.Note)
	},
}

// blindValues are the values that leave the grid CAs out, with the place where
// clients are looked up instead.
func blindValues(s *site.Site) map[string]string {
	file, dir := s.System.FilePath, s.System.Dir.Path
	if s.Release.CertPolicy.OthersAreSystem() {
		return map[string]string{"system": file + " and " + dir}
	}
	return map[string]string{"system": file, "system.onlyfile": file, "system.nofile": dir}
}
