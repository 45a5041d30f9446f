package authz

import (
	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/lint"
)

var emptyGroup = &lint.Rule{
	ID:    "authz/empty-group",
	Title: "An authgroup can have no members",
	Why: "Only a rule without a minus sign makes somebody a member. A group of rules with a minus sign, or of none, is empty: " +
		"nobody is a member by not being excluded.",
	Source:   "arc-behaviour A8",
	Facts:    []string{"A8"},
	Severity: lint.Error,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		for _, g := range p.Groups {
			if canHaveMembers(g) {
				continue
			}
			for _, use := range p.Uses() {
				if use.Group.Text == g.Name {
					r.At(g.Block.Header().Span, "no rule can make anybody a member of %s, want one without a minus sign: the line that names the group is for nobody", g.Name).
						About(g.Name).Relate(use.Group.Span, "named here")
					break
				}
			}
		}
	},
}

// canHaveMembers leaves a group with rules that ARC does not know, and rules
// that this release never matches, to dead-rule.
func canHaveMembers(g *access.Group) bool {
	for _, rule := range g.Rules {
		if _, unknown := rule.Test.(*access.Unknown); unknown || rule.Positive() {
			return true
		}
	}
	return false
}
