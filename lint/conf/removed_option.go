package conf

import (
	"cmp"

	"arclint/internal/site"
	"arclint/lint"
)

var removedOption = &lint.Rule{
	ID:       "conf/removed-option",
	Title:    "An option was removed from ARC",
	Why:      "ARC no longer reads the option: the line has no effect, and verify calls it an error. An option that the reference calls obsolete goes the same way.",
	Source:   "arc.conf.reference of 6.17.0, 7.0.0 and 7.2.0 compared",
	Severity: lint.Warning,
	Where:    func(r site.Release) bool { return !r.StrictStart },
	Recipe:   lint.Manual,
	ByHand: `Write the option where the finding says, and remove it here. If the finding
names no other place, remove the line. Write an option of the batch system that
was in [arex] in this way:

    [lrms]
    lrms=slurm
    gnu_time=/usr/bin/time

See what else was removed:

    arclint diff 6.17.0 7.2.0

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			if isRuleLine(o) {
				continue
			}
			name, about := o.Name.Text, b.Name+" "+o.Name.Text
			if known := b.ref.Option(name); known != nil {
				if known.Deprecated {
					r.At(o.Name.Span, "arc.conf.reference calls %s obsolete, want the line removed", name).As(lint.Note).About(about)
				}
				continue
			}
			if in, ok := s.Release.Table.History().RemovedIn(b.Kind, name); ok {
				todo := cmp.Or(s.Release.Table.History().Migration(b.Kind, name), "ARC does not read it")
				r.At(o.Name.Span, "%s was removed from [%s] in ARC %s, want it migrated: %s", name, b.Kind, in, todo).About(about)
			}
		}
	},
}
