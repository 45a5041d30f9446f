package conf

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var blockOrder = &lint.Rule{
	ID:    "conf/block-order",
	Title: "A group or a list is used above its place",
	Why: "The order of blocks does not matter to ARC, with two exceptions: a rule `authgroup = other` looks only at groups that stand above it. " +
		"A group further down is ignored as if it did not exist, so its members are not in the group that names it. " +
		"A block whose header is repeated is asked at each of its places, with the content of the last. " +
		"Likewise ARC 6 fills a [userlist:name] when it comes to its block, so that a rule `userlist = name` further up never matches; this was read in the source and not measured.",
	Source:   "arc-behaviour B3, B4, C5; src/hed/shc/legacy/LegacySecHandler.cpp of 6.x, read only (userlist)",
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

// reportLater speaks of a group that stands below the rule and not above it.
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
		r.At(o.Value.Span, "authgroup %s is defined below the first place of this block, want it above: ARC asks the block at each of its headers, and whom the rule makes a member at the first one stays one", name).
			About(o.Section.Name+" "+o.Name.Text+" "+name).Relate(g.Block.Header().Span, "defined here")
		return
	}
	r.At(o.Value.Span, "authgroup %s is defined below this rule, want it above: ARC ignores it here", name).
		About(o.Section.Name+" "+o.Name.Text+" "+name).Relate(g.Block.Header().Span, "defined here")
}

// reportLaterList speaks of a list that stands below the rule and not above it.
func reportLaterList(s *site.Site, r *lint.Reporter, rule *authgroup.Rule, name string) {
	list := access.UserListBelow(s.Conf, name, rule.Group.Block)
	if list == nil || !s.Release.UserLists {
		return
	}
	o := rule.Option
	r.At(o.Value.Span, "userlist %s is defined below this rule, want it above: ARC fills it too late, so that %s", name, lint.NeverMatches(rule.Inverted)).
		About(o.Section.Name+" "+o.Name.Text+" "+name).Relate(list.Header().Span, "defined here")
}
