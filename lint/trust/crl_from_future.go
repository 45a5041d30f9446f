package trust

import (
	"strings"
	"time"

	"arclint/internal/site"
	"arclint/lint"
)

var crlFromFuture = &lint.Rule{
	ID:    "trust/crl-from-future",
	Title: "The time of a CRL file is in the future",
	Why: "Before ARC 6.17 starts, its check looks at the time of each *.r0 in an x509_cert_dir that arc.conf names. If one is later than now, the service does not start. " +
		"The clock of this host is behind, or was ahead when the file was fetched. ARC 7 does not look.",
	Source:   "arc-checks b1.10 (arc-config-check, confchecktripel)",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Stops:    true,
	Effect:   "ARC 6 does not start.",
	Action:   "Check the clock of this host. If it is right, give the file the time of now with `touch`.",
	Where:    func(r site.Release) bool { return r.StrictStart },
	Recipe:   lint.Manual,
	ByHand: `See first whether the clock of this host is right:

    timedatectl

If it is, give the file the time of now, or fetch the CRL again:

    touch /etc/grid-security/certificates/HASH.r0
    fetch-crl

See that the start of ARC 6 has nothing left to refuse:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		if _, _, written := s.Written("common", "x509_cert_dir"); !written {
			return
		}
		for _, dir := range s.ClientDirs {
			for _, entry := range dir.Entries {
				if entry.File == nil || !strings.HasSuffix(entry.Name, ".r0") || !entry.File.Info.ModTime.After(s.Now) {
					continue
				}
				r.Path(entry.Path, "the time of this file is in the future: %s",
					entry.File.Info.ModTime.UTC().Format(time.RFC3339)).About(entry.Name).Stopping(true)
			}
		}
	},
}
