package authz

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/lint"
)

var accessOrder = &lint.Rule{
	ID:    "authz/access-order",
	Title: "A line of an access list has no effect where it stands",
	Why: "The first line of an access list whose group a user is in decides, and who is in none is refused. A denyaccess below every allowaccess therefore keeps nobody out: " +
		"whoever is in the denied group and in an allowed one has got in before. The second line of a group is never asked.",
	Source:   "arc-behaviour B1, B2; arc.conf.reference [arex/ws/jobs] denyaccess, [queue:name] denyaccess",
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		for _, b := range s.Conf.Blocks {
			enforced := b.Kind == "queue" || s.Release.Is7() && (b.Name == access.JobsBlock || b.Name == "infosys/accesscontrol")
			if !enforced {
				continue
			}
			if l := p.List(b.Name); l != nil && allows(l) {
				checkOrder(r, l)
			}
		}
	},
}

func checkOrder(r *lint.Reporter, l *access.List) {
	for i, e := range l.Entries {
		above, below := l.Entries[:i], l.Entries[i+1:]
		about := l.Block.Name + " " + e.Option.Name.Text + " " + e.Group.Text
		first := slices.IndexFunc(above, func(other access.Entry) bool { return other.Group.Text == e.Group.Text })
		switch {
		case first >= 0:
			f := r.At(e.Group.Span, "authgroup %s stands in this list already, want it once: the first line decides, as %s", e.Group.Text, above[first].Option.Name.Text).
				About(about).Relate(above[first].Group.Span, "stands here first")
			if above[first].Allow == e.Allow {
				f.As(lint.Note)
			}
		case !e.Allow && !slices.ContainsFunc(below, allowing):
			r.At(e.Group.Span, "denyaccess of %s stands below every allowaccess, want it above: it keeps nobody out, as members of an allowed group have got in before", e.Group.Text).About(about)
		}
	}
}

func allowing(e access.Entry) bool { return e.Allow }
