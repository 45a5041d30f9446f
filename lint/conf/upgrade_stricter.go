package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeStricter = &lint.Rule{
	ID:    "conf/upgrade-stricter",
	Title: "The validator of the release of --target calls a line an error, where that of ARC 6 warns at most",
	Why: "`arcctl config verify` of ARC 7 counts an error for an option that its block does not have, and for one that is set again. That of ARC 6 warns or says nothing. " +
		"ARC 7 also counts one for a rule with a sign (`-subject=`), which ARC 7 reads as it should. " +
		"The services start all the same, but a deployment that checks the exit code of verify stops there.",
	Source:   "arc-checks b2.4, b3, b5.6",
	Impact:   lint.Hygiene,
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
			var reason, todo string
			switch {
			case o.Commented():
			case b.Kind == "authgroup" && o.will != nil && o.Name.Text != ruleName(o.Option):
				reason, todo = "This is a rule with a sign, and ARC 7 reads it as ARC 6 does.", "Keep the rule, and"
			case o.was == nil && o.will == nil && !stops(s, o.Name.Text):
				reason, todo = "["+b.Kind+"] does not have this option: ARC ignores the line, today and after the upgrade.", "Remove the line, or"
			case o.was != nil && o.will != nil && again && !several(o.will) && !isRuleLine(o.Option):
				reason, todo = "The option is set a second time.", "Keep one of the lines, or"
			}
			if reason != "" {
				r.At(o.Name.Span, "`arcctl config verify` of ARC %s counts an error here", s.Target.Release.Version).
					Means("%s", reason).Do("%s expect this error where the exit code of verify is checked.", todo).
					About(about + " " + o.Value.Text)
			}
		}
	},
}
