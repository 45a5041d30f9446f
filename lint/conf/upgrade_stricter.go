package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeStricter = &lint.Rule{
	ID:    "conf/upgrade-stricter",
	Title: "A line of which ARC 6 warns at most is an error to the validator of the release of --target",
	Why: "`arcctl config verify` of ARC 7 counts an error for an option that its block does not have and for one that stands again, where that of ARC 6 warns or says nothing. " +
		"It counts one too for a rule with a sign (`-subject=`), which ARC 7 reads as it should. " +
		"The services start all the same, but whoever makes the exit code of verify a gate is stopped there.",
	Source:   "arc-checks b2.4, b3, b5.6",
	Severity: lint.Note,
	Upgrade:  true,
	Gains:    func(r site.Release) bool { return r.VerifyStrict },
	Recipe:   lint.Manual,
	ByHand: `Remove an option that its block does not have. Keep one line of an option that
is written again. Keep a rule with a sign, and expect an error of verify for
it: ARC reads it. Let a gate compare the number of errors, which is the exit
code:

    arcctl config verify
    arclint check --target 7.2.0`,
	Check: func(s *site.Site, r *lint.Reporter) {
		seen := map[string]bool{}
		for b, o := range takenByBoth(s) {
			about := b.Name + " " + o.Name.Text
			again := seen[about]
			seen[about] = true
			reason := ""
			switch {
			case o.Commented():
			case b.Kind == "authgroup" && o.will != nil && o.Name.Text != ruleName(o.Option):
				reason = "a rule with a sign; ARC 7 reads it as ARC 6 does"
			case o.was == nil && o.will == nil && !stops(s, o.Name.Text):
				reason = "an option that [" + b.Kind + "] does not have; ARC reads it neither before nor after"
			case o.was != nil && o.will != nil && again && !several(o.will) && !isRuleLine(o.Option):
				reason = "an option that stands again"
			}
			if reason != "" {
				r.At(o.Name.Span, "`arcctl config verify` of ARC %s counts an error here, want that expected where its exit code is a gate: %s", s.Target.Release.Version, reason).
					About(about + " " + o.Value.Text)
			}
		}
	},
}
