package trust

import (
	"time"

	"arclint/internal/site"
	"arclint/lint"
)

// monthAhead is how long before its end a CA is worth a word: IGTF publishes
// successors well before, and a release comes about monthly.
const monthAhead = 30 * 24 * time.Hour

var caExpiring = &lint.Rule{
	ID:    "trust/ca-expiring",
	Title: "A trust anchor expires soon",
	Why: "From that day every certificate of the CA is refused. A current IGTF release usually holds the successor. " +
		"The rule looks a month ahead, or as far as `arclint check --within 60d` does.",
	Source:   "arc-behaviour D7",
	Facts:    []string{"D7"},
	Severity: lint.Warning,
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d, c := range allAnchors(s) {
			left, ahead := c.NotAfter.Sub(s.Now), max(monthAhead, s.Within)
			if left < 0 || left >= ahead || d.hasValid(c, s.Now.Add(ahead)) {
				continue
			}
			r.Path(c.File.Path, "%s expires on %s, want its successor installed before: from then on every chain over it is refused", c.SubjectName, c.NotAfter.UTC().Format(day)).
				About(c.SubjectName)
		}
	},
}
