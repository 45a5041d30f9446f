package access

import (
	"iter"
	"slices"
	"sync"

	"arclint/internal/authgroup"
)

// holding finds what holds for the members of a group since they are members of
// others as well: those whose positive authgroup= rules name it, and so on.
// Whether such a rule stands further up and is ignored for that (arc-behaviour
// B3) is not looked at.
type holding struct {
	names  map[string][]string                     // of a group, those that its authgroup= rules name
	mapped func() map[string]int                   // the first line of [mapping] that takes members of a group
	listed map[*authgroup.List]func() firsts       // the first entry of a list that names such a group
	admits map[*authgroup.List]func() *sharedCover // those who are in a group that a list admits
}

func newHolding(p *Policy) holding {
	h := holding{names: map[string][]string{}, listed: map[*authgroup.List]func() firsts{}, admits: map[*authgroup.List]func() *sharedCover{}}
	for _, r := range authgroup.Rules[*authgroup.Groups](p.Document) {
		if r.Negative || r.Inverted {
			continue
		}
		for _, name := range r.Test.Names {
			h.names[r.Group.Name] = append(h.names[r.Group.Name], name.Text)
		}
	}
	h.mapped = sync.OnceValue(func() map[string]int { return h.spread(mapLines(p)) })
	for _, l := range p.Lists {
		h.listed[l] = sync.OnceValue(func() firsts { return h.spread(entries(l)) })
		h.admits[l] = sync.OnceValue(func() *sharedCover { return p.allowed(l) })
	}
	return h
}

// sharedCover is one that several rules of arclint ask at once.
type sharedCover struct {
	sync.Mutex
	*Cover
}

func (c *sharedCover) holds(g *authgroup.Group) bool {
	c.Lock()
	defer c.Unlock()
	return c.Holds(g)
}

// spread gives the number of each name to the groups whose members are in it as
// well; the first one counts.
func (h holding) spread(numbered iter.Seq2[int, string]) firsts {
	found := firsts{}
	for n, name := range numbered {
		for todo := []string{name}; len(todo) > 0; {
			name, todo = todo[len(todo)-1], todo[:len(todo)-1]
			if _, known := found[name]; !known {
				found[name] = n
				todo = append(todo, h.names[name]...)
			}
		}
	}
	return found
}

func entries(l *authgroup.List) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i, e := range l.Entries {
			if !yield(i, e.Group.Text) {
				return
			}
		}
	}
}

func mapLines(p *Policy) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		if p.Mapping == nil {
			return
		}
		for i, m := range p.Mapping.Rules {
			if m.Kind != authgroup.MapPolicy && !m.Group.Missing() && !yield(i, m.Group.Text) {
				return
			}
		}
	}
}

// Maps is the first rule of [mapping] that takes the members of a group, who may be
// members of others by that; nil where none does.
func (p *Policy) Maps(name string) *authgroup.MapRule {
	if n, ok := p.tables.holding().mapped()[name]; ok {
		return p.Mapping.Rules[n]
	}
	return nil
}

// decides is the first entry of a list that names the group or another one
// that its members are in, nil where none does.
func (p *Policy) decides(l *authgroup.List, name string) *authgroup.Entry {
	if n, ok := p.tables.holding().listed[l]()[name]; ok {
		return &l.Entries[n]
	}
	return nil
}

// Admitting are the names of all groups of which an entry of the list says, or of one that
// their members are in, that their members get in.
func (p *Policy) Admitting(l *authgroup.List) iter.Seq[string] {
	return func(yield func(string) bool) {
		for name, n := range p.tables.holding().listed[l]() {
			if l.Entries[n].Allow && !yield(name) {
				return
			}
		}
	}
}

// Unlisted are the lines of [mapping] for a group that no access list names,
// the first of each group.
func (p *Policy) Unlisted() iter.Seq[authgroup.Use] { return slices.Values(p.tables.unlisted()) }

func findUnlisted(p *Policy) []authgroup.Use {
	passed := map[string]bool{}
	for _, u := range p.Uses() {
		passed[u.Group.Text] = passed[u.Group.Text] || u.Kind == authgroup.UseAccess
	}
	var found []authgroup.Use
	for _, u := range p.Uses() {
		if u.Kind == authgroup.UseMapping && !passed[u.Group.Text] && p.Group(u.Group.Text) != nil {
			passed[u.Group.Text] = true
			found = append(found, u)
		}
	}
	return found
}
