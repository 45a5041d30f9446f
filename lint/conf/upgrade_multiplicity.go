package conf

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeMultiplicity = &lint.Rule{
	ID:    "conf/upgrade-multiplicity",
	Title: "An option stands several times, which the release of --target takes worse than that of today",
	Why: "ARC 6 starts with lrms twice, ARC 7 does not. Of other options that may stand once ARC 7 keeps all values as ARC 6 does; " +
		"conf/duplicate-option speaks of them.",
	Source:   "arc-behaviour C7, C9; arc-checks b3",
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
				r.At(o.Name.Span, "%s stands again in [%s], want it once before the upgrade to ARC %s: %s", o.Name.Text, b.Name, s.Target.Release.Version, strings.TrimSuffix(then.effect, ".")).
					As(then.severity).About(key+" "+o.Value.Text).Relate(first.Name.Span, "set here first")
			}
		}
	},
}

// several says whether the option may stand more than once.
func several(o *arcref.Option) bool { return o.Multivalued || o.Sequenced }
