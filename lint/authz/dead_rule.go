package authz

import (
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var deadRule = &lint.Rule{
	ID:    "authz/dead-rule",
	Title: "A rule of an authgroup is not looked at or has no effect",
	Why: "The first rule that matches decides about a group, and a rule that fails ends it. A rule fails if ARC does not know it, and so does all= with anything but yes or no. " +
		"ARC asks none of the rules below. ARC 6 does not start on a rule that it does not know. ARC 7 does, and `name = other` silently gives the group another name.",
	Source:   "arc-behaviour A7, A8, B7, B13",
	Impact:   lint.Outage,
	Facts:    []string{"A7", "A8", "B7", "B13"},
	Severity: lint.Error,
	Stops:    true,
	Recipe:   "edit-arc-conf",
	ByHand: `Move the rule above the one that decides before it. Move a rule that admits
above one with a minus sign only if all whom it admits are meant to get in.
Write one sign at most, and no line name=. On ARC 7, name the list of a
userlist= rule with file=.

    [authgroup:dune]
    -subject=/DC=org/DC=example/CN=Mallory
    file=/etc/grid-security/dune.list
    voms=dune * * *

Replace a line all= that is neither yes nor no by rules that name the members.
Look who gets in:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		shadowing := p.NewShadowing()
		for _, g := range p.Groups {
			above, asked := shadowing.Group(), len(g.Rules)
			for i, rule := range g.Rules {
				if !checkAlone(p, s, r, rule) {
					asked = i + 1
					break
				}
				if rule.Everybody() && i+1 < len(g.Rules) {
					asked = i + 1
					next := g.Rules[i+1]
					if keepsDown(s, next) {
						break // that is said below
					}
					f := r.At(next.Option.Line, "ARC never asks this rule").
						Means("A rule above it decides about everybody.").Do("Move it above that rule.").
						About(g.Name+" "+next.Option.Line.Text()).Relate(rule.Option.Line, "this rule always decides").Offer()
					if next.Negative && !rule.Negative {
						f.Impacts(lint.Intrusion, lint.Moderate)
					}
					break
				}
				if first := above.First(rule); first != nil {
					reportShadowed(r, first, rule)
				}
				above.Add(rule)
			}
			for _, rule := range g.Rules[asked:] {
				if keepsDown(s, rule) {
					checkAlone(p, s, r, rule)
				}
			}
		}
		if shadowing.Tired() {
			r.Skip("authgroups name each other in too many ways: not each rule was compared with those above it")
		}
	},
}

// keepsDown says whether ARC does not start on a line of an authgroup, wherever it
// stands in it: arc-config-check of ARC 6 takes off one sign, and knows the rest or not
// (arc-behaviour A8, C1).
func keepsDown(s *site.Site, rule *authgroup.Rule) bool {
	if !s.Release.StrictStart || rule.Option.Commented() {
		return false
	}
	switch t := rule.Test.(type) {
	case *authgroup.Unknown, *authgroup.Rename:
		return true
	case *authgroup.Computed:
		return t.Keyword == "name"
	case *authgroup.Subject:
		return bare(rule, t) || twoSigns(rule)
	}
	return twoSigns(rule)
}

func twoSigns(rule *authgroup.Rule) bool {
	return rule.Inverted && len(rule.Option.Name.Text)-len(rule.Keyword.Text) == 2
}

// bare says whether the line is a subject without its keyword.
func bare(rule *authgroup.Rule, t *authgroup.Subject) bool { return t.DN.Span == rule.Option.Line }

// checkAlone looks at a rule by itself; false means that ARC asks none of the
// rules below it.
func checkAlone(p *access.Policy, s *site.Site, r *lint.Reporter, rule *authgroup.Rule) bool {
	about := rule.Group.Name + " " + rule.Option.Line.Text()
	if !s.Release.TwoSigns && twoSigns(rule) {
		r.At(rule.Option.Name.Span, "ARC 6 knows one sign before a rule, and this rule has two").Means(noStart6).
			Do(oneSign).About(about).Stopping(true).Offer()
	}
	switch t := rule.Test.(type) {
	case *authgroup.Unknown:
		if !rule.Option.Commented() { // conf/indented-comment speaks of it
			reportUnknown(s, r, rule).About(about)
		}
		return false
	case *authgroup.All:
		if t.Yes() || t.Argument.Text == "no" {
			break
		}
		at := t.Argument.Span
		if t.Argument.Text == "" {
			at = rule.Option.Name.Span
		}
		r.At(at, "the value of all is neither yes nor no").Means(endsGroup).
			Do("Replace the line by rules that name the members.").About(about).Offer()
		return false
	case *authgroup.Rename:
		reportRename(p, s, r, rule, t).About(about)
	case *authgroup.UserLists:
		if !s.Release.UserLists {
			r.At(rule.Keyword.Span, "ARC 7 has no rule userlist").Means("%s", lint.MatchesNobody(rule.Inverted)).Opens(turnsOpen(rule)).
				Do("Name the file of the list in a file= rule.").About(about).Offer()
		}
	case *authgroup.Plugin:
		if t.Limitless() {
			r.At(rule.Option.Line, "the plugin has no time limit in seconds, or no command after it").
				Means("ARC runs nothing. %s", lint.MatchesNobody(rule.Inverted)).Opens(turnsOpen(rule)).
				Do("Write a time limit and the command: plugin=10 /path/plugin.").About(about).Offer()
		}
	case *authgroup.Subject:
		if bare(rule, t) {
			reportBare(s, r, rule).About(about)
		}
	}
	return true
}

// reportBare speaks of a subject without its keyword.
func reportBare(s *site.Site, r *lint.Reporter, rule *authgroup.Rule) *lint.Finding {
	text := strings.TrimSpace(rule.Option.Line.Text())
	dn := strings.TrimLeft(text, "-+!")
	want := text[:len(text)-len(dn)] + "subject=" + strings.TrimLeft(dn, " \t")
	effect := "ARC splits the line at its first equals sign. " + lint.MatchesNobody(rule.Inverted)
	if s.Release.StrictStart {
		effect = "ARC 6 reads what is before the first equals sign as the name of an option, and does not start."
	}
	return r.At(rule.Option.Line, "this subject has no keyword before it").Means("%s", effect).
		Do("Write subject= before the name, after the sign if there is one.").
		Opens(turnsOpen(rule) && !s.Release.StrictStart).
		Stopping(s.Release.StrictStart).Fix(authgroup.Field{Span: rule.Option.Line}.Replace(want))
}

// opens says of a rule whose test is true of nobody whether it makes everybody a member.
func turnsOpen(rule *authgroup.Rule) bool { return rule.Inverted && !rule.Negative }

func keywords(s *site.Site) []string {
	names := []string{"subject", "file", "voms", "authgroup", "plugin", "authtokens", "all"}
	if s.Release.Expressions {
		names = append(names, "authtokensgen")
	}
	if s.Release.UserLists {
		names = append(names, "userlist")
	}
	return names
}

func reportUnknown(s *site.Site, r *lint.Reporter, rule *authgroup.Rule) *lint.Finding {
	known := keywords(s)
	f := r.At(rule.Option.Name.Span, "ARC %s knows no rule %s", s.Release.Measured, rule.Option.Name.Text).
		Means(endsGroup).Do("Write one of %s.", strings.Join(known, ", ")).Stopping(s.Release.StrictStart)
	if s.Release.StrictStart {
		f.Means(noStart6)
	}
	for _, now := range s.Release.Table.History().Formerly("authgroup", rule.Keyword.Text) {
		if now.Block == "authgroup" && slices.Contains(known, now.Option) {
			f.Headline += "; it is " + now.Option + " since ARC " + now.Since
			return f.Do("Write %s.", now.Option).Fix(rule.Keyword.Replace(now.Option))
		}
	}
	if manySigns(rule) {
		return f.Do(oneSign).Offer()
	}
	near, ok := f.Suggest(rule.Keyword.Text, known)
	if !ok {
		return f.Offer()
	}
	return f.Do("Write %s.", near).Fix(rule.Keyword.Replace(near))
}

// manySigns says whether a sign is left where the keyword should begin, or two signs
// are before it of which ARC knows one.
func manySigns(rule *authgroup.Rule) bool {
	name, keyword := rule.Option.Name.Text, rule.Keyword.Text
	return strings.HasPrefix(keyword, "-") || strings.HasPrefix(keyword, "!") || strings.HasPrefix(name, "-+") || strings.HasPrefix(name, "!+")
}

// reportRename: the repair is to drop the line, unless the other name is in use.
func reportRename(p *access.Policy, s *site.Site, r *lint.Reporter, rule *authgroup.Rule, t *authgroup.Rename) *lint.Finding {
	if s.Release.StrictStart {
		return r.At(rule.Option.Name.Span, "ARC 6 knows no rule name").Means(noStart6).Do(removeRename).
			Stopping(true).Fix(authgroup.Field{Span: rule.Option.Line.Lines()}.Replace(""))
	}
	if t.To.Text == rule.Group.Name {
		return r.At(rule.Option.Line, "the line gives authgroup %s the name that it has", t.To.Text).
			Means("It changes nothing.").Do("Remove the line.").
			As(lint.Note).Impacts(lint.Hygiene, "").Fix(authgroup.Field{Span: rule.Option.Line.Lines()}.Replace(""))
	}
	whom := "nobody"
	if rule.Group.KeepsName() {
		whom = "those alone whom the rules above this line match"
	}
	f := r.At(rule.Option.Line, "the line renames authgroup %s to %s", rule.Group.Name, t.To.Text).
		Means("A line that names %s is for %s.", rule.Group.Name, whom).Do(removeRename)
	for _, use := range p.Uses() {
		if use.Group.Text == t.To.Text {
			return f.As(lint.Warning).Do("Write the name that is meant in the header, and remove the line.").
				Relate(use.Group.Span, "named here by its other name").Offer()
		}
	}
	return f.Fix(authgroup.Field{Span: rule.Option.Line.Lines()}.Replace(""))
}

const removeRename = "Remove the line: the header names the group."

// reportShadowed speaks of a rule above that matches whenever this one does.
func reportShadowed(r *lint.Reporter, above, rule *authgroup.Rule) {
	about := rule.Group.Name + " " + rule.Option.Line.Text()
	switch {
	case !above.Negative && rule.Negative:
		r.At(rule.Option.Line, "the rule excludes nobody").
			Means("A rule above it admits all whom it matches, and the first rule that matches decides.").Do("Move it above that rule.").
			About(about).Relate(above.Option.Line, "admits whom this rule excludes").Offer().
			Impacts(lint.Intrusion, lint.Moderate)
	case above.Negative && !rule.Negative:
		r.At(rule.Option.Line, "the rule admits nobody").
			Means("A rule above it excludes all whom it matches, and the first rule that matches decides.").
			Do("Move it above that rule, if all whom it admits are meant to get in.").
			About(about).Relate(above.Option.Line, "excludes whom this rule admits").Offer()
	default:
		r.At(rule.Option.Line, "the rule changes nothing").
			Means("A rule above it matches whenever this one does.").Do("Remove it.").
			As(lint.Note).Impacts(lint.Hygiene, "").About(about).Relate(above.Option.Line, "matches whenever this rule does").
			Fix(authgroup.Field{Span: rule.Option.Line.Lines()}.Replace(""))
	}
}
