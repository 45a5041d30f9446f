package authz

import (
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var undefinedGroup = &lint.Rule{
	ID:    "authz/undefined-group",
	Title: "A line names an authgroup that does not exist",
	Why: "To ARC a name that no [authgroup] block has is a group without members, and ARC reports nothing. Names are separated by spaces and compared exactly: " +
		"a comma, a quotation mark or another case makes another name. An allowaccess then admits nobody, and a denyaccess keeps nobody out. " +
		"On ARC 6 it is the same with a rule userlist= and the blocks [userlist:name].",
	Source:   "arc-behaviour B1, B3, B7, B8",
	Impact:   lint.Outage,
	Facts:    []string{"B1", "B3"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   "edit-arc-conf",
	ByHand: `Write a block for the group, or the name of one that exists. Write blanks and
no commas between groups. Remove a line name= from the block.

    [authgroup:dune]
    voms=dune * * *

    [mapping]
    map_to_user=dune dune:dune

    [arex/ws/jobs]
    allowaccess=dune

Look who gets in:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		if p.TooLarge {
			r.Skip("arc.conf has more than %d rules of access, so that no rule of this area looked at them", authgroup.MaxLines)
			return
		}
		seen := map[place]bool{}
		for _, use := range p.Uses() {
			at := place{use.Option.Section.Name, use.Option.Name.Text, use.Group.Text}
			if p.Defined(use.Group.Text) || seen[at] || p.Commented(use.Option, use.Group) || quotedWhole(use) {
				continue
			}
			seen[at] = true
			reportUndefined(p, s, r, use)
		}
		for _, t := range authgroup.Rules[*authgroup.UserLists](p.Document) {
			if s.Release.UserLists {
				checkUserLists(s, r, t.Rule, t.Test)
			}
		}
	},
}

// place is where a name is: one finding for each is enough.
type place struct{ block, option, group string }

// maxSuggest bounds the search for a name that was meant.
const maxSuggest = 200 // groups

// quotedWhole says whether quotes stand around the whole list:
// conf/quoted-value speaks of it.
func quotedWhole(use authgroup.Use) bool {
	_, ok := use.Option.Enclosed()
	return ok && use.Kind == authgroup.UseAccess
}

func reportUndefined(p *access.Policy, s *site.Site, r *lint.Reporter, use authgroup.Use) {
	name := use.Group.Text
	var f *lint.Finding
	switch plain := strings.Trim(name, `"'`); {
	case strings.Contains(name, ","):
		f = r.At(use.Group.Span, "%s is one name to ARC", name).Do("Write spaces between groups, and no commas.")
		if names := strings.FieldsFunc(name, func(c rune) bool { return c == ',' }); allDefined(p, names) {
			f.Fix(use.Group.Replace(strings.Join(names, " ")))
		}
	case plain != name && p.Defined(plain):
		f = r.At(use.Group.Span, "quotes are part of the name %s", name).Do("Remove the quotes.").
			Fix(use.Group.Replace(plain))
	case p.Group(name) != nil:
		f = r.At(use.Group.Span, "a line name= in its block gives authgroup %s another name", name).Do("Remove that line, or write the other name here.").
			Relate(p.Group(name).Block.Header().Span, "defined here").Offer()
	default:
		f = r.At(use.Group.Span, "authgroup %s is not defined", name).Do("Write a block [authgroup:%s], or the name of one that exists.", name)
		if near, ok := f.Suggest(name, p.GroupNames()[:min(len(p.GroupNames()), maxSuggest)]); ok {
			f.Relate(p.Group(near).Block.Header().Span, "defined here")
			f.Do("Write %s.", near).Fix(use.Group.Replace(near))
			break
		}
		proposeMapped(p, f, use)
	}
	impact, risk := impactOfUndefined(use)
	f.Means("%s", effectOfUndefined(use)).Impacts(impact, risk).As(severityOfUndefined(s, use)).About(use.Option.Section.Name + " " + use.Option.Name.Text + " " + name)
}

// maxProposed bounds the groups that are proposed for one name.
const maxProposed = 5

// proposeMapped names the groups that the list may mean: those that have an
// account and that no list names.
func proposeMapped(p *access.Policy, f *lint.Finding, use authgroup.Use) {
	if use.Kind != authgroup.UseAccess {
		return
	}
	proposed := 0
	for u := range p.Unlisted() {
		if proposed++; proposed > maxProposed {
			return
		}
		f.Relate(u.Group.Span, "%s has an account, and no list names it", u.Group.Text)
	}
}

func allDefined(p *access.Policy, names []string) bool {
	for _, name := range names {
		if !p.Defined(name) {
			return false
		}
	}
	return len(names) > 0
}

func effectOfUndefined(use authgroup.Use) string {
	switch {
	case use.Denies:
		return "The line keeps nobody out."
	case use.Kind == authgroup.UseAccess:
		return "The line lets nobody in."
	case use.Kind == authgroup.UseMapping:
		return "The line maps nobody."
	case use.Kind == authgroup.UseMember && use.Inverted:
		return "Nobody is in it. With the !, the rule matches everybody who is in no other group that it names."
	case use.Kind == authgroup.UseMember:
		return "ARC ignores it, so that it makes nobody a member."
	case use.Kind == authgroup.UseOverride:
		return "It excepts nobody from allownew=no."
	}
	return "The line is for nobody."
}

func impactOfUndefined(use authgroup.Use) (lint.Impact, lint.Risk) {
	switch {
	case use.Denies:
		return lint.Intrusion, lint.Moderate
	case use.Kind == authgroup.UseMember && use.Inverted:
		return lint.Intrusion, lint.Critical
	case use.Kind == authgroup.UseOverride, use.Kind == authgroup.UseVO:
		return lint.Hygiene, ""
	}
	return lint.Outage, ""
}

// severityOfUndefined: lists that this release does not apply, and lists that
// decide nothing about access, are for later.
func severityOfUndefined(s *site.Site, use authgroup.Use) lint.Severity {
	switch {
	case use.Kind == authgroup.UseOverride, use.Kind == authgroup.UseVO:
		return lint.Warning
	case use.Kind == authgroup.UseAccess && !s.Release.JobsListEnforced && use.Option.Section.Name == authgroup.JobsBlock:
		return lint.Warning
	}
	return lint.Error
}

// checkUserLists looks for the blocks of the lists that a rule of ARC 6 names.
func checkUserLists(s *site.Site, r *lint.Reporter, rule *authgroup.Rule, t *authgroup.UserLists) {
	for _, name := range t.Names {
		if s.Access.Commented(rule.Option, name) || s.Conf.Block("userlist:"+name.Text) != nil {
			continue
		}
		effect := "Nobody is in that list, and the rule matches nobody by it."
		if rule.Inverted {
			effect = "Nobody is in that list. With the !, the rule matches everybody who is in no other list that it names."
		}
		f := r.At(name.Span, "userlist %s is not defined", name.Text).Means("%s", effect).Opens(turnsOpen(rule)).
			Do("Write a block [userlist:%s] above the group.", name.Text).About(rule.Group.Name + " userlist " + name.Text)
		var names []string
		for _, b := range s.Conf.Kind("userlist") {
			names = append(names, b.ID)
		}
		if near, ok := f.Suggest(name.Text, names[:min(len(names), maxSuggest)]); ok {
			f.Do("Write %s.", near).Fix(name.Replace(near))
		}
	}
}
