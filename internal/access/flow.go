package access

import (
	"slices"

	"arclint/internal/authgroup"
)

// Holders are the group and all groups that its members are in as well, since
// a positive authgroup= rule names it. Whether that rule stands further up and
// is ignored for that (arc-behaviour B3) is not looked at.
func (p *Policy) Holders(name string) []string {
	held := []string{name}
	seen := map[string]bool{name: true}
	for i := 0; i < len(held); i++ {
		for _, holder := range p.holders[held[i]] {
			if !seen[holder] {
				seen[holder] = true
				held = append(held, holder)
			}
		}
	}
	return held
}

// Admits says whether the list lets a member of these groups, and of no other,
// in, and which entry decides; nil where none does.
func Admits(l *authgroup.List, groups ...string) (bool, *authgroup.Entry) {
	for i, e := range l.Entries {
		if slices.Contains(groups, e.Group.Text) {
			return e.Allow, &l.Entries[i]
		}
	}
	return false, nil
}

// Maps is the first rule of [mapping] that takes a member of these groups; nil
// where none does.
func (p *Policy) Maps(groups ...string) *authgroup.MapRule {
	if p.Mapping == nil {
		return nil
	}
	for _, m := range p.Mapping.Rules {
		if m.Kind != authgroup.MapPolicy && slices.Contains(groups, m.Group.Text) {
			return m
		}
	}
	return nil
}

// Submits says whether members of the group may submit jobs: they are mapped
// and, where the release looks at it, on the access list of [arex/ws/jobs].
func (p *Policy) Submits(name string) bool {
	groups := p.Holders(name)
	if p.Maps(groups...) == nil {
		return false
	}
	l := p.List(authgroup.JobsBlock)
	if l == nil {
		return false
	}
	admitted, _ := Admits(l, groups...)
	return admitted || !p.site.Release.Is7()
}

// MadeOfAdmitted says whether the group is made of groups that the list admits:
// then it is another name for people who may come in.
func (p *Policy) MadeOfAdmitted(l *authgroup.List, name string) bool {
	g := p.Group(name)
	if g == nil {
		return false
	}
	for _, rule := range g.Rules {
		t, ok := rule.Test.(*authgroup.Groups)
		if rule.Negative {
			continue
		}
		if !ok || rule.Inverted {
			return false
		}
		for _, part := range t.Names {
			if admitted, _ := Admits(l, p.Holders(part.Text)...); !admitted && p.Defined(part.Text) {
				return false
			}
		}
	}
	return true
}

// Covers says whether a matches whenever b does, as far as their texts show.
func Covers(a, b authgroup.Test) bool {
	switch a := a.(type) {
	case *authgroup.All:
		return a.Yes()
	case *authgroup.Subject:
		b, ok := b.(*authgroup.Subject)
		return ok && a.DN.Text == b.DN.Text
	case *authgroup.File:
		b, ok := b.(*authgroup.File)
		return ok && a.Path.Text == b.Path.Text
	case *authgroup.Tokens:
		b, ok := b.(*authgroup.Tokens)
		return ok && a.Missing == "" && b.Missing == "" && coverFields(a.Fields(), b.Fields())
	case *authgroup.VOMS:
		b, ok := b.(*authgroup.VOMS)
		return ok && a.Sound() && b.Sound() && coverFields(a.Fields(), b.Fields())
	case *authgroup.Expression:
		b, ok := b.(*authgroup.Expression)
		return ok && a.Err == nil && a.Text.Text == b.Text.Text
	case *authgroup.Groups:
		b, ok := b.(*authgroup.Groups)
		return ok && !slices.ContainsFunc(b.Names, func(f authgroup.Field) bool {
			return !slices.ContainsFunc(a.Names, func(g authgroup.Field) bool { return g.Text == f.Text })
		})
	}
	return false
}

func coverFields(a, b []authgroup.Field) bool {
	for i := range a {
		if !a[i].Any() && a[i].Text != b[i].Text {
			return false
		}
	}
	return true
}
