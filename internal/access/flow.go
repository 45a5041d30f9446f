package access

import "slices"

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
func (l *List) Admits(groups ...string) (bool, *Entry) {
	for i, e := range l.Entries {
		if slices.Contains(groups, e.Group.Text) {
			return e.Allow, &l.Entries[i]
		}
	}
	return false, nil
}

// Maps is the first rule of [mapping] that takes a member of these groups; nil
// where none does.
func (p *Policy) Maps(groups ...string) *MapRule {
	if p.Mapping == nil {
		return nil
	}
	for _, m := range p.Mapping.Rules {
		if m.Kind != MapPolicy && slices.Contains(groups, m.Group.Text) {
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
	l := p.List(JobsBlock)
	if l == nil {
		return false
	}
	admitted, _ := l.Admits(groups...)
	return admitted || !p.site.Release.Is7()
}

// MadeOfAdmitted says whether the group is made of groups that the list admits:
// then it is another name for people who may come in.
func (p *Policy) MadeOfAdmitted(l *List, name string) bool {
	g := p.Group(name)
	if g == nil {
		return false
	}
	for _, rule := range g.Rules {
		t, ok := rule.Test.(*Groups)
		if rule.Negative {
			continue
		}
		if !ok || rule.Inverted {
			return false
		}
		for _, part := range t.Names {
			if admitted, _ := l.Admits(p.Holders(part.Text)...); !admitted && p.Defined(part.Text) {
				return false
			}
		}
	}
	return true
}

// Everybody says whether the rule decides about everybody, whoever they are:
// all=yes or !all=no. No rule after it in its group is asked.
func (r *Rule) Everybody() bool {
	t, ok := r.Test.(*All)
	return ok && (t.Yes() && !r.Inverted || t.Argument.Text == "no" && r.Inverted)
}

// Positive says whether the rule can make somebody a member.
func (r *Rule) Positive() bool {
	if r.Negative {
		return false
	}
	switch t := r.Test.(type) {
	case *Unknown, *Rename:
		return false
	case *All:
		return r.Everybody()
	case *UserLists:
		return len(t.Names) > 0 || r.Inverted
	}
	return true
}

// Covers says whether a matches whenever b does, as far as their texts show.
func Covers(a, b Test) bool {
	switch a := a.(type) {
	case *All:
		return a.Yes()
	case *Subject:
		b, ok := b.(*Subject)
		return ok && a.DN.Text == b.DN.Text
	case *File:
		b, ok := b.(*File)
		return ok && a.Path.Text == b.Path.Text
	case *Tokens:
		b, ok := b.(*Tokens)
		return ok && a.Missing == "" && b.Missing == "" && coverFields(a.Fields(), b.Fields())
	case *VOMS:
		b, ok := b.(*VOMS)
		return ok && a.sound() && b.sound() && coverFields(a.Fields(), b.Fields())
	case *Expression:
		b, ok := b.(*Expression)
		return ok && a.Err == nil && a.Text.Text == b.Text.Text
	case *Groups:
		b, ok := b.(*Groups)
		return ok && !slices.ContainsFunc(b.Names, func(f Field) bool {
			return !slices.ContainsFunc(a.Names, func(g Field) bool { return g.Text == f.Text })
		})
	}
	return false
}

func coverFields(a, b []Field) bool {
	for i := range a {
		if !a[i].Any() && a[i].Text != b[i].Text {
			return false
		}
	}
	return true
}

// Fields are the four fields in their order; those that are missing are zero.
func (t *VOMS) Fields() []Field { return []Field{t.VO, t.Group, t.Role, t.Capability} }

func (t *VOMS) sound() bool { return t.Missing == "" && len(t.Extra) == 0 }
