package authz

import (
	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/lint"
)

var unusedGroup = &lint.Rule{
	ID:    "authz/unused-group",
	Title: "An authgroup is not used",
	Why: "An authgroup gives nothing by itself: an access list, [mapping] or another group must name it. One that nothing names is a leftover, " +
		"or the line that should name it is missing or misspelt.",
	Source:   "arc.conf.reference [authgroup]",
	Impact:   lint.Hygiene,
	Severity: lint.Note,
	Effect:   "Its members gain nothing by it.",
	Action:   "Name it in an access list or in [mapping], or remove it.",
	Recipe:   lint.Manual,
	ByHand: `Remove the block, if nobody needs the group. If its members are meant to get
in, name it in the access list, and give it an account:

    [arex/ws/jobs]
    allowaccess=dune

    [mapping]
    map_to_user=dune dune:dune

Look who gets in:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		if p.HidesUses() {
			r.Skip("ARC computes a line that names authgroups: it may name any of them")
			return
		}
		used := usedNames(p)
		for _, g := range p.Groups {
			if g.Name != "" && !used[g.Name] && !g.RenamedTo(used) {
				r.At(g.Block.Header().Span, "no line names authgroup %s", g.Name).About(g.Name)
			}
		}
	},
}

// usedNames are the names of authgroups that a line names.
func usedNames(p *access.Policy) map[string]bool {
	used := map[string]bool{}
	for _, use := range p.Uses() {
		used[use.Group.Text] = true
	}
	return used
}
