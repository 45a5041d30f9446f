package conf

import (
	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeMultiplicity = &lint.Rule{
	ID:    "conf/upgrade-multiplicity",
	Title: "An option is set several times, which is worse with the release of --target",
	Why: "ARC 6 starts with lrms twice, ARC 7 does not. Of other options that may be set once, ARC 7 keeps all values as ARC 6 does; " +
		"conf/duplicate-option reports them.",
	Source:   "arc-behaviour C7, C9; arc-checks b3",
	Impact:   lint.Outage,
	Facts:    []string{"C7"},
	Severity: lint.Warning,
	Upgrade:  true,
	Recipe:   "upgrade",
	Check: func(s *site.Site, r *lint.Reporter) {
		firsts := map[string]*arcconf.Option{}
		for b, o := range takenByBoth(s) {
			if o.was == nil || o.will == nil || isRuleLine(o.Option) || several(o.will) {
				continue
			}
			key := b.Name + " " + o.Name.Text
			first := firsts[key]
			if first == nil {
				firsts[key] = o.Option
				continue
			}
			today, then := repeatEffect(s, b.Kind, o.Name.Text), repeatEffect(s.Target, b.Kind, o.Name.Text)
			if then.severity != today.severity || several(o.was) {
				r.At(o.Name.Span, "[%s] sets %s more than once", b.Name, o.Name.Text).
					As(then.severity).About(key+" "+o.Value.Text).Relate(first.Name.Span, "set here first").
					Means("This gets worse with ARC %s. %s", s.Target.Release.Version, then.effect).
					Do("Before the upgrade, keep only the line that is meant.")
			}
		}
	},
}

// several says whether the option may be set more than once.
func several(o *arcref.Option) bool { return o.Multivalued || o.Sequenced }
