package authz

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var accessOrder = &lint.Rule{
	ID:    "authz/access-order",
	Title: "A line of an access list has no effect in its place",
	Why: "The first line of an access list whose group a user is in decides, and a user who is in none is refused. A denyaccess below every allowaccess therefore keeps nobody out: " +
		"who is in the denied group and in an allowed one has got in before. The second line of a group is never asked. Neither is that of a group whose members are all in groups further up.",
	Source:   "arc-behaviour B1, B2; arc.conf.reference [arex/ws/jobs] denyaccess, [queue:name] denyaccess",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `Write each group once. Write every denyaccess above the allowaccess lines that
it limits, and the smaller group above the larger one. Move an allowaccess
above a denyaccess only if the members of its group are meant to get in.

    [arex/ws/jobs]
    denyaccess=banned
    allowaccess=production
    allowaccess=dune

Look who gets in:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		for _, b := range s.Conf.Blocks {
			enforced := b.Kind == "queue" || s.Release.JobsListEnforced && b.Name == authgroup.JobsBlock ||
				s.Release.InfoList && b.Name == "infosys/accesscontrol"
			if !enforced {
				continue
			}
			if l := p.List(b.Name); l != nil && l.Allows() {
				checkOrder(p, r, l)
			}
		}
	},
}

func checkOrder(p *access.Policy, r *lint.Reporter, l *authgroup.List) {
	seen, last := map[string]int{}, l.LastAllowed() // where each group stands first
	cover := &covered{Cover: p.NewCover()}
	for i, e := range l.Entries {
		above := l.Entries[:i]
		about := l.Block.Name + " " + e.Option.Name.Text + " " + e.Group.Text
		first, again := seen[e.Group.Text]
		if !again {
			seen[e.Group.Text] = i
		}
		switch {
		case e.Hidden != "" || e.Group.Computed: // not each of its words has a place
		case p.Commented(e.Option, e.Group): // conf/inline-comment speaks of its words
		case again:
			f := r.At(e.Group.Span, "authgroup %s is in this list twice", e.Group.Text).
				Means("The first line decides: %s.", above[first].Option.Name.Text).Do("Write it once.").
				About(about).Relate(above[first].Group.Span, "named here first")
			switch {
			case above[first].Allow == e.Allow:
				f.As(lint.Note).Impacts(lint.Hygiene, "")
			case e.Allow:
				f.Impacts(lint.Outage, "")
			}
		case !e.Allow && i > last:
			r.At(e.Group.Span, "denyaccess of %s is below every allowaccess", e.Group.Text).
				Means("It keeps nobody out: members of an allowed group have got in before.").Do("Move it above them.").About(about)
		default:
			cover.check(p, r, l.Entries, e, about)
		}
		if g := p.Group(e.Group.Text); g != nil && !again {
			cover.Add(g)
			cover.entries = append(cover.entries, i)
		}
	}
	if cover.unknown {
		r.Skip("[%s] names groups that name each other in too many ways: not each was compared with all above it", l.Block.Name)
	}
}

// covered are the members of groups of a list, down to some entry.
type covered struct {
	*access.Cover
	entries []int // those of its groups
	unknown bool  // not all was compared
}

// check finds the entry above that decides about every member of a group before
// its own entry is asked.
func (c *covered) check(p *access.Policy, r *lint.Reporter, all []authgroup.Entry, e authgroup.Entry, about string) {
	g := p.Group(e.Group.Text)
	if g == nil {
		return
	}
	n, known := c.One(g)
	if c.unknown = c.unknown || !known; n < 0 {
		return
	}
	other := all[c.entries[n]]
	found := r.At(e.Group.Span, "every member of %s is in %s as well, which is further up", g.Name, other.Group.Text).
		About(about).Relate(other.Group.Span, "decides about all members")
	switch {
	case other.Allow && !e.Allow:
		found.Means("It keeps nobody out.").Do("Move this line above that of %s.", other.Group.Text)
	case !other.Allow && e.Allow:
		found.Means("It lets nobody in.").Do("Move this line above that of %s, if its members are meant to get in.", other.Group.Text).Impacts(lint.Outage, "")
	case !other.Allow:
		found.Means("It keeps nobody out who is not out already.").Do("Remove the line.").As(lint.Note).Impacts(lint.Hygiene, "")
	default:
		found.Means("It lets nobody in who is not in already.").Do("Remove the line.").As(lint.Note).Impacts(lint.Hygiene, "")
	}
}
