package conf

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var blockOrder = &lint.Rule{
	ID:    "conf/block-order",
	Title: "A rule names a group or a list that is defined further down",
	Why: "The order of blocks does not matter to ARC, with two exceptions. A rule `authgroup = other` looks only at groups that are defined above it. " +
		"ARC ignores a group further down as if it did not exist, so its members are not in the group that names it. " +
		"ARC asks a block whose header is repeated at each of its places, with the content of the last. " +
		"The second exception: ARC 6 fills a [userlist:name] when it comes to its block, so a rule `userlist = name` further up never matches. " +
		"This was read in the source and not measured.",
	Source:   "arc-behaviour B3, B4, C5; src/hed/shc/legacy/LegacySecHandler.cpp of 6.x, read only (userlist)",
	Impact:   lint.Outage,
	Facts:    []string{"B3"},
	Severity: lint.Error,
	Recipe:   lint.Manual,
	ByHand: `Move the block of the group that is named above the one that names it. On
ARC 6, move [userlist:name] above the groups that name it too.

    [authgroup:banned]
    subject=/DC=org/DC=example/CN=Mallory

    [authgroup:dune]
    -authgroup=banned
    voms=dune * * *

Look who gets in: members whom ARC passed over so far get in now.

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, g := range s.Access.Groups {
			for _, rule := range g.Rules {
				switch t := rule.Test.(type) {
				case *authgroup.Groups:
					for _, name := range t.Names {
						reportLater(s.Access, r, rule, name.Text)
					}
				case *authgroup.UserLists:
					for _, name := range t.Names {
						reportLaterList(s, r, rule, name.Text)
					}
				}
			}
		}
	},
}

// reportLater speaks of a group that is defined below the rule and not above it.
func reportLater(doc *authgroup.Document, r *lint.Reporter, rule *authgroup.Rule, name string) {
	g := doc.Group(name)
	if g == nil || doc.Place(g) <= doc.Place(rule.Group) {
		return
	}
	o := rule.Option
	if doc.Sees(rule.Group, g) {
		if rule.Positive() && !rule.Inverted {
			return // its members come in at a later place of the block
		}
		r.At(o.Value.Span, "authgroup %s is defined below the first header of this block", name).
			Means("ARC asks the block at each of its headers. Whoever the rule makes a member at the first one stays a member.").
			Do("Move [authgroup:%s] above the first header of this block.", name).
			About(o.Section.Name+" "+o.Name.Text+" "+name).Relate(g.Block.Header().Span, "defined here")
		return
	}
	r.At(o.Value.Span, "authgroup %s is defined below this rule", name).
		Means("%s", ignoredEffect(rule)).Do("Move [authgroup:%s] above this block.", name).
		About(o.Section.Name+" "+o.Name.Text+" "+name).Relate(g.Block.Header().Span, "defined here")
}

// ignoredEffect says what becomes of a rule that names a group as if it did not exist.
func ignoredEffect(rule *authgroup.Rule) string {
	switch {
	case rule.Inverted:
		return "ARC ignores the group here, as if it did not exist."
	case rule.Positive():
		return "ARC ignores the group here, so its members do not become members by this rule."
	}
	return "ARC ignores the group here, so this rule excludes none of its members."
}

// reportLaterList speaks of a list that is defined below the rule and not above it.
func reportLaterList(s *site.Site, r *lint.Reporter, rule *authgroup.Rule, name string) {
	list := access.UserListBelow(s.Conf, name, rule.Group.Block)
	if list == nil || !s.Release.UserLists {
		return
	}
	o := rule.Option
	r.At(o.Value.Span, "userlist %s is defined below this rule", name).
		Means("ARC fills the list too late. %s", lint.MatchesNobody(rule.Inverted)).Do("Move [userlist:%s] above this block.", name).
		About(o.Section.Name+" "+o.Name.Text+" "+name).Relate(list.Header().Span, "defined here")
}
