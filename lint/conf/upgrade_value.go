package conf

import (
	"slices"
	"strings"

	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeValue = &lint.Rule{
	ID:    "conf/upgrade-value",
	Title: "A value that is allowed today is not allowed by the release of --target",
	Why: "ARC 7 does not stop at a value that it does not know: the service starts and does something else than was meant. " +
		"With lrms=slurmpy there is no script that submits a job. The benchmark of [lrms] is documented with a blank in place of the colon; both releases read both forms.",
	Source:   "arc.conf.reference of 6.17.0, 7.0.0 and 7.2.0 compared; src/services/a-rex/lrms/submit_common.sh.in of each release",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Upgrade:  true,
	Recipe:   "upgrade",
	Check: func(s *site.Site, r *lint.Reporter) {
		version := s.Target.Release.Version
		for b, o := range takenByBoth(s) {
			if o.was == nil || o.will == nil || isRuleLine(o.Option) || hasOtherFault(b.Kind, o.Option) {
				continue
			}
			if b.Kind == "lrms" && o.Name.Text == "benchmark" && strings.Contains(o.Value.Text, ":") && strings.Contains(o.was.Default, ":") && !strings.Contains(o.will.Default, ":") {
				r.At(o.Value.Span, "ARC %s documents the benchmark with a blank", version).Means("Both releases read both forms.").
					Do("Write %q.", strings.Replace(o.Value.Text, ":", " ", 1)).As(lint.Note).About(b.Name + " benchmark")
				continue
			}
			for _, value := range listed(b.Kind, o.Option) {
				if lostValue(o.was, o.will, value.Text) {
					f := r.At(value.Span, "%q is not allowed for %s in ARC %s", value.Text, o.was.Name, version).
						Means("The service starts, and does something else than was meant.").
						Do("Before the upgrade, write one of the allowed values.").Lists(o.will.Allowed).
						About(b.Name + " " + o.was.Name + " " + value.Text)
					if o.was.Name == "lrms" {
						f.As(lint.Error).Means("ARC no longer brings scripts of that name, so no job can be submitted.")
					}
				}
			}
		}
	},
}

func lostValue(was, will *arcref.Option, value string) bool {
	return slices.Contains(was.Allowed, value) && len(will.Allowed) > 0 && !allows(will, value)
}
