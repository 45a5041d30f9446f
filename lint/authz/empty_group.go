package authz

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var emptyGroup = &lint.Rule{
	ID:    "authz/empty-group",
	Title: "An authgroup can have no members",
	Why: "Only a rule without a minus sign makes a user a member. A group of rules with a minus sign, or of none, is empty: " +
		"nobody is a member by not being excluded. A group of lists without a subject is empty as well.",
	Source:   "arc-behaviour A8",
	Impact:   lint.Outage,
	Facts:    []string{"A8"},
	Severity: lint.Error,
	Effect:   "The line that names the group is for nobody.",
	Action:   "Add a rule without a minus sign.",
	Recipe:   lint.Manual,
	ByHand: `Add a rule without a minus sign for those who are to be members. Write it below
the rules with a minus sign, since the first rule that matches decides.

    [authgroup:dune]
    -subject=/DC=org/DC=example/CN=Mallory
    voms=dune * * *

If the list of a file= rule is empty, write the subjects into it, one a line:

    "/DC=org/DC=example/CN=Jane Doe"

If nobody is meant to be a member, remove the line that names the group.

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		named := map[string]authgroup.Use{}
		for _, use := range p.Uses() {
			own := use.Kind == authgroup.UseMember && use.Option.Section.Name == "authgroup:"+use.Group.Text
			if _, known := named[use.Group.Text]; !known && !own {
				named[use.Group.Text] = use
			}
		}
		for _, g := range p.Groups {
			use, used := named[g.Name]
			if !used {
				continue
			}
			if list := emptyLists(s, g); list != nil {
				r.At(list.Option.Line, "the list has no subject, and authgroup %s has no other members", g.Name).
					Do("Write the subjects of the members into it.").As(lint.Note).Impacts(lint.Hygiene, "").About(g.Name).Relate(use.Group.Span, "named here")
			} else if !canHaveMembers(g) {
				f := r.At(g.Block.Header().Span, "authgroup %s can have no members", g.Name).
					About(g.Name).Relate(use.Group.Span, "named here")
				if use.Denies {
					f.Impacts(lint.Intrusion, lint.Moderate)
				}
			}
		}
	},
}

// canHaveMembers leaves a group with rules that ARC does not know, and rules
// that this release never matches, to dead-rule.
func canHaveMembers(g *authgroup.Group) bool {
	for _, rule := range g.Rules {
		if _, unknown := rule.Test.(*authgroup.Unknown); unknown || rule.Positive() && !asksItself(rule) {
			return true
		}
	}
	return false
}

// asksItself says whether a rule looks for members of its own group alone, which has none
// when it is asked (arc-behaviour B3).
func asksItself(rule *authgroup.Rule) bool {
	t, ok := rule.Test.(*authgroup.Groups)
	if !ok || rule.Inverted || rule.Group.Renamed() != nil {
		return false
	}
	return !slices.ContainsFunc(t.Names, func(f authgroup.Field) bool { return f.Text != rule.Group.Name })
}

// emptyLists is the first rule of a group whose only members would be those of
// lists, where all of these are empty; nil otherwise.
func emptyLists(s *site.Site, g *authgroup.Group) *authgroup.Rule {
	var first *authgroup.Rule
	for _, rule := range g.Rules {
		if !rule.Positive() {
			continue
		}
		t, ok := rule.Test.(*authgroup.File)
		if !ok || rule.Inverted {
			return nil
		}
		if list := mapFile(s, t.Path.Text); list == nil || list.Err != nil || len(list.Entries)+len(list.Problems) > 0 {
			return nil
		}
		if first == nil {
			first = rule
		}
	}
	return first
}
