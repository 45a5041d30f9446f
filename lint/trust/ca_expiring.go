package trust

import (
	"time"

	"arclint/internal/site"
	"arclint/lint"
)

// monthAhead is how long before its end a CA is reported: IGTF publishes
// successors well before, and a release comes about monthly.
const monthAhead = 30 * 24 * time.Hour

var caExpiring = &lint.Rule{
	ID:    "trust/ca-expiring",
	Title: "A trust anchor expires soon",
	Why: "From that day on, ARC refuses every certificate chain through the CA. A current IGTF release usually holds the successor. " +
		"The rule looks a month ahead, or as far as `arclint check --within 60d` does.",
	Source:   "arc-behaviour D7",
	Impact:   lint.Outage,
	Facts:    []string{"D7"},
	Severity: lint.Warning,
	Action:   "Install its successor before that day.",
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d, c := range allAnchors(s) {
			left, ahead := c.NotAfter.Sub(s.Now), max(monthAhead, s.Within)
			if left < 0 || left >= ahead || d.hasValid(c, s.Now.Add(ahead)) {
				continue
			}
			r.Path(c.File.Path, "the certificate of %s expires on %s", commonName(c.SubjectName), c.NotAfter.UTC().Format(day)).
				Means("From then on ARC refuses every certificate chain through this CA.").About(c.SubjectName)
		}
	},
}
