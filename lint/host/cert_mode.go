package host

import (
	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var certMode = &lint.Rule{
	ID:    "host/cert-mode",
	Title: "ARC 6 does not accept mode or owner of the host certificate",
	Why: "ARC 6.17 checks a host certificate that arc.conf names before it starts. The file must belong to the user who starts ARC, root, " +
		"and have the mode 0644 or 0444, no other. Otherwise the service does not start. ARC 7 does not look.",
	Source:   "arc-checks b1.8 (arc-config-check, permcheck)",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Stops:    true,
	Effect:   "ARC 6 does not start.",
	Where:    func(r site.Release) bool { return r.StrictStart },
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		if s.Host.CertErr != nil || s.Value("common", "x509_host_cert").Origin != arcconf.Admin {
			return
		}
		path, info := s.Host.CertPath, s.Host.CertInfo
		if mode := info.Mode.Perm(); mode != 0o644 && mode != 0o444 {
			nameIn(s, r.Path(path, "the host certificate has the mode %04o", mode).Do("Set the mode to 0644.").
				About("mode").With("path", path).With("mode", "0644").Stopping(true), "x509_host_cert")
		}
		if info.UID > 0 {
			nameIn(s, r.Path(path, "the host certificate belongs to uid %d, not to root", info.UID).Do("Give the file to root.").
				About("owner").With("path", path).With("owner", "0:0").Stopping(true), "x509_host_cert")
		}
	},
}
