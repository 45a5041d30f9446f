package trust

import (
	"time"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

const day = "2006-01-02"

var caExpired = &lint.Rule{
	ID:       "trust/ca-expired",
	Title:    "A trust anchor is outside its validity",
	Why:      "OpenSSL refuses every chain over an expired root or one that is not valid yet. It does not stand in the way of a valid certificate of the same subject.",
	Source:   "arc-behaviour D2, D7",
	Facts:    []string{"D2", "D7"},
	Severity: lint.Warning,
	Recipe:   "remove-anchor",
	Check: func(s *site.Site, r *lint.Reporter) {
		eachAnchor(s, r, func(file *gridsec.File, c *gridsec.Certificate) {
			switch {
			case s.Now.After(c.NotAfter):
				r.Path(file.Path, "%s expired on %s, want its successor, or the CA removed: every chain over it is refused", c.SubjectName, c.NotAfter.UTC().Format(day)).
					About(c.SubjectName).With("path", file.Path)
			case s.Now.Before(c.NotBefore):
				r.Path(file.Path, "%s is valid only from %s, want one that is valid now: every chain over it is refused", c.SubjectName, c.NotBefore.UTC().Format(day)).
					About(c.SubjectName).With("path", file.Path)
			}
		})
	},
}

// monthAhead is how long before its end a CA is worth a word: IGTF publishes
// successors well before, and a release comes about monthly.
const monthAhead = 30 * 24 * time.Hour

var caExpiring = &lint.Rule{
	ID:       "trust/ca-expiring",
	Title:    "A trust anchor expires soon",
	Why:      "From that day every certificate of the CA is refused. A current IGTF release usually holds the successor.",
	Source:   "arc-behaviour D7",
	Severity: lint.Warning,
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		eachAnchor(s, r, func(file *gridsec.File, c *gridsec.Certificate) {
			if left := c.NotAfter.Sub(s.Now); left >= 0 && left < monthAhead {
				r.Path(file.Path, "%s expires on %s, in %d days, want its successor installed before: then every chain over it is refused", c.SubjectName, c.NotAfter.UTC().Format(day), int(left.Hours()/24)).
					About(c.SubjectName)
			}
		})
	},
}
