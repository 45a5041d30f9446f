package conf

import (
	"cmp"
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var removedOption = &lint.Rule{
	ID:       "conf/removed-option",
	Title:    "An option was removed from ARC",
	Why:      "ARC no longer reads the option: the line has no effect, and verify calls it an error. An option that the reference calls obsolete is unread already, or will be.",
	Source:   "arc.conf.reference of 6.17.0, 7.0.0 and 7.2.0 compared",
	Impact:   lint.Hygiene,
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
					r.At(o.Name.Span, "arc.conf.reference calls %s obsolete", name).As(lint.Note).About(about).
						Means(mayBeUnread).Do("Remove the line.")
				}
				continue
			}
			if in, ok := s.Release.Table.History().RemovedIn(b.Kind, name); ok {
				todo := cmp.Or(s.Release.Table.History().Migration(b.Kind, name), "remove the line")
				r.At(o.Name.Span, "%s was removed from [%s] in ARC %s", name, b.Kind, in).About(about).
					Means("ARC does not read the line.").Do("%s", sentence(todo))
			}
		}
	},
}

// mayBeUnread is the effect of an option that the reference lists and calls obsolete.
const mayBeUnread = "ARC may ignore the line, now or in a later release."

// sentence gives a phrase a capital letter and a period.
func sentence(phrase string) string { return strings.ToUpper(phrase[:1]) + phrase[1:] + "." }
