package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/lint"
)

var obsoleteIGTF = &lint.Rule{
	ID:    "trust/obsolete-igtf",
	Title: "IGTF has dropped a CA of this directory",
	Why: "IGTF drops a CA when it closes, loses its accreditation or is replaced. One that is still installed is trusted although nobody looks after it any more. " +
		"Either the IGTF release on this CE is old, or the CA was left behind by hand.",
	Source:   "igtf-policy packages of Debian compared (1.133, 1.134, 1.146)",
	Impact:   lint.Intrusion,
	Risk:     lint.Low,
	Severity: lint.Warning,
	Effect:   "ARC still trusts such a CA, although nobody looks after it any more.",
	Action:   "Install a current IGTF release.",
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			var dropped []*gridsec.Certificate
			for _, c := range d.anchors {
				ca, known := issuers.FindGridCA(c.SHA256())
				if known && ca.Fate == issuers.Dropped && !s.Now.After(c.NotAfter) {
					dropped = append(dropped, c)
				}
			}
			if len(dropped) > 0 {
				reportDropped(r, d, dropped)
			}
		}
	},
}

func reportDropped(r *lint.Reporter, d *directory, dropped []*gridsec.Certificate) {
	newest := newestIGTF()
	f := r.Path(d.Path, "%s here left the IGTF distribution by release %s (%s)", prose.Plural(len(dropped), "CA"), newest.Name, newest.Date).
		Lists(names(dropped)).About("dropped CAs")
	for _, c := range dropped {
		f.RelatePath(c.File.Path, "%s", c.SubjectName)
	}
}

// newestIGTF is the newest IGTF release that arclint knows of.
func newestIGTF() issuers.Release {
	releases := issuers.IGTFReleases()
	return releases[len(releases)-1]
}
