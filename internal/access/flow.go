package access

import (
	"slices"

	"arclint/internal/authgroup"
)

// Admits says whether the list lets a member of these groups, and of no other,
// in, and which entry decides; nil where none does.
func (p *Policy) Admits(l *authgroup.List, groups ...string) (bool, *authgroup.Entry) {
	if n := p.tables.firsts()[l].of(groups); n >= 0 {
		return l.Entries[n].Allow, &l.Entries[n]
	}
	return false, nil
}

// Submits says whether members of the group may submit jobs: they are mapped
// and, where the release looks at it, on the access list of [arex/ws/jobs].
func (p *Policy) Submits(name string) bool {
	if p.Maps(name) == nil {
		return false
	}
	l := p.List(authgroup.JobsBlock)
	if l == nil {
		return false
	}
	admitted, _ := p.AdmitsAll(l, name)
	return admitted || !p.site.Release.JobsListEnforced
}

// AdmitsAll says whether the list lets in everybody who is a member of the group:
// it names the group or one that its members are in as well, or each of them is
// a member of some group that it admits, as far as the rules show. The entry
// decides where there is one; a denied group goes before those below it.
func (p *Policy) AdmitsAll(l *authgroup.List, name string) (bool, *authgroup.Entry) {
	if entry := p.decides(l, name); entry != nil {
		return entry.Allow, entry
	}
	g := p.Group(name)
	return g != nil && p.tables.holding().admits[l]().holds(g), nil
}

// allowed are those who are in a group that the list admits.
func (p *Policy) allowed(l *authgroup.List) *sharedCover {
	c := p.NewCover()
	for _, e := range l.Entries {
		if g := p.Group(e.Group.Text); e.Allow && g != nil {
			c.Add(g)
		}
	}
	return &sharedCover{Cover: c}
}

// AdmittedByOne are those whom one of the lists admits: who is in a group of an
// allowaccess. Lists that turn somebody away are left out.
func (p *Policy) AdmittedByOne(lists []*authgroup.List) *Cover {
	c := p.NewCover()
	for _, l := range lists {
		if slices.ContainsFunc(l.Entries, func(e authgroup.Entry) bool { return !e.Allow }) {
			continue
		}
		for _, e := range l.Entries {
			if g := p.Group(e.Group.Text); g != nil {
				c.Add(g)
			}
		}
	}
	return c
}

// MappedAnyway says whether whom a rule makes a member has an account by another
// group: by each that it names, or by one of a group that [mapping] names and that
// has a rule which covers this one.
func (p *Policy) MappedAnyway(r *authgroup.Rule) bool {
	if t, ok := r.Test.(*authgroup.Groups); ok && !r.Inverted {
		for _, name := range t.Names {
			if p.Maps(name.Text) == nil && p.Defined(name.Text) {
				return false
			}
		}
		return true
	}
	_, covered := p.tables.mapped()[r.Inverted].first(r.Test)
	return covered
}

// mappedRules are the rules that make members of groups which [mapping] names,
// by whether they have a "!".
func mappedRules(p *Policy) map[bool]*coverage {
	of := map[bool]*coverage{false: newCoverage(), true: newCoverage()}
	seen := map[*authgroup.Group]bool{}
	for _, name := range mapLines(p) {
		g := p.Group(name)
		if g == nil || seen[g] {
			continue
		}
		seen[g] = true
		for _, r := range g.Rules {
			if !r.Positive() {
				continue
			}
			of[r.Inverted].addRule(r, 0)
			if r.Everybody() {
				of[!r.Inverted].addRule(r, 0)
			}
		}
	}
	return of
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
