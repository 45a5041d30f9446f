package conf

import (
	"cmp"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeRemovedOption = &lint.Rule{
	ID:    "conf/upgrade-removed-option",
	Title: "The release of --target does not read an option that works today",
	Why: "The block stays and the option goes: the line has no effect after the upgrade, and only `arcctl config verify` says so. " +
		"In an authgroup it is worse: on ARC 7 a userlist rule never matches, so those on the list are kept out. ARC also drops the block that made the list. " +
		"An inverted one matches everybody.",
	Source:   "arc.conf.reference of 6.17.0, 7.0.0 and 7.2.0 compared; arc-behaviour B7, A7",
	Impact:   lint.Hygiene,
	Facts:    []string{"B7"},
	Severity: lint.Warning,
	Upgrade:  true,
	Recipe:   "upgrade",
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range takenByBoth(s) {
			name, about := ruleName(o.Option), b.Name+" "+o.Name.Text+" "+o.Value.Text
			switch {
			case o.was == nil:
			case o.will == nil && b.Kind == "authgroup":
				effect, impact, risk := lossOfRule(o.Option)
				r.At(o.Name.Span, "ARC %s has no %s rules", s.Target.Release.Version, name).As(lint.Error).About(about).
					Means("%s", effect).Impacts(impact, risk).Do("Before the upgrade, replace it with a file= or voms= rule.")
			case o.will == nil:
				r.At(o.Name.Span, "ARC %s does not read %s in [%s]", s.Target.Release.Version, name, b.Name).About(about).
					Means("The line has no effect after the upgrade.").
					Do("Before the upgrade, %s.", cmp.Or(s.Release.Table.History().Migration(b.Kind, name), "remove the line"))
			case o.will.Deprecated && !o.was.Deprecated:
				r.At(o.Name.Span, "the reference of ARC %s calls %s obsolete", s.Target.Release.Version, name).As(lint.Note).About(about).
					Means(mayBeUnread).Do("Remove the line.")
			}
		}
	},
}

// lossOfRule says what becomes of a rule that matches nobody (arc-behaviour
// B7), by its sign (A8).
func lossOfRule(o *arcconf.Option) (effect string, impact lint.Impact, risk lint.Risk) {
	switch sign := strings.TrimSuffix(o.Name.Text, ruleName(o)); {
	case strings.HasPrefix(sign, "-"):
		return "The rule matches nobody. Whom it keeps out today may get in by a rule below.", lint.Intrusion, lint.Moderate
	case strings.HasSuffix(sign, "!"):
		return "The rule matches everybody then.", lint.Intrusion, lint.Critical
	}
	return "The rule matches nobody, so those on the list are kept out.", lint.Outage, ""
}
