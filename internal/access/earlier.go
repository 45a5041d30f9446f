package access

import (
	"slices"

	"arclint/internal/authgroup"
)

// Earlier are the rules of a group above some rule of it.
type Earlier struct {
	policy *Policy
	rules  []*authgroup.Rule
	tests  *coverage
	groups []int // the rules that name groups
	covers map[int]*Cover
	steps  *int
}

// Shadowing compares the rules of groups with those above them. One is for all
// groups of a policy: they share the time that there is.
type Shadowing struct {
	policy *Policy
	steps  int
}

// NewShadowing is one for all groups.
func (p *Policy) NewShadowing() *Shadowing { return &Shadowing{policy: p} }

// Tired says that rules which name groups were not all compared.
func (s *Shadowing) Tired() bool { return s.steps > maxSteps/4 }

// Group begins with the first rule of a group.
func (s *Shadowing) Group() *Earlier {
	return &Earlier{policy: s.policy, tests: newCoverage(), covers: map[int]*Cover{}, steps: &s.steps}
}

// Add takes the next rule.
func (e *Earlier) Add(r *authgroup.Rule) {
	n := len(e.rules)
	if e.rules = append(e.rules, r); r.Inverted {
		return
	}
	e.tests.add(r.Test, int32(n))
	if _, ok := r.Test.(*authgroup.Groups); ok {
		e.groups = append(e.groups, n)
	}
}

// First is the first of the rules that matches whenever the given one does, as far
// as their texts and those of the groups that they name show; nil where none does, or where that was not looked for (Tired).
func (e *Earlier) First(below *authgroup.Rule) *authgroup.Rule {
	if below.Inverted {
		return nil
	}
	n, found := e.tests.first(below.Test)
	first := int(n)
	if !found {
		first = len(e.rules)
	}
	first = e.listing(below.Test, first)
	if len(e.groups) > 0 && e.groups[0] < first && e.elsewhere(below) {
		first = e.among(below, first)
	}
	if first == len(e.rules) {
		return nil
	}
	return e.rules[first]
}

// listing is the first rule above the given one that matches the subjects of a test
// by a list: by its own, or by one that they stand in.
func (e *Earlier) listing(below authgroup.Test, first int) int {
	dn, ok := e.policy.firstSubject(below)
	if !ok {
		return first
	}
	numbers := slices.Clone(e.tests.asking[wanted{kind: askSubject, fields: [5]string{dn}}])
	for _, path := range e.policy.tables.lists().having[dn] {
		numbers = append(numbers, e.tests.asking[wanted{kind: askFile, fields: [5]string{path}}]...)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		if *e.steps++; int(n) >= first || *e.steps > maxSteps/4 {
			break
		}
		covers, looked := e.policy.covers(e.rules[n].Test, below)
		if *e.steps += looked; covers {
			return int(n)
		}
	}
	return first
}

// elsewhere says whether some other group may have the members that a rule makes.
func (e *Earlier) elsewhere(below *authgroup.Rule) bool {
	if _, ok := below.Test.(*authgroup.Groups); ok {
		return true
	}
	for list := range e.policy.tables.holders().covering(below.Test) {
		if len(list) > 0 && e.policy.Sees(below.Group, e.policy.Groups[list[0]]) {
			return true // ARC looks at groups further up only
		}
	}
	return false
}

// among is the first rule above the given one that names groups which have all
// whom a rule matches.
func (e *Earlier) among(below *authgroup.Rule, first int) int {
	for _, i := range e.groups {
		if *e.steps++; i >= first || *e.steps > maxSteps/4 {
			break
		}
		c := e.covers[i]
		if c == nil {
			c = e.policy.NewCover()
			for _, g := range c.above(e.rules[i].Test.(*authgroup.Groups), e.rules[i].Group) {
				c.Add(g)
			}
			e.covers[i] = c
		}
		held, _ := c.rule(below, 0)
		*e.steps += c.steps
		if c.steps = 0; held {
			return i
		}
	}
	return first
}

// newHolders are the rules of all groups that make members of whom they match, by
// the places of the groups.
func newHolders(p *Policy) *coverage {
	c := p.NewCover()
	for i, g := range p.Groups {
		c.own(g, int32(i))
	}
	return c.atoms
}
