package access

import (
	"slices"

	"arclint/internal/authgroup"
)

// Inside says whether every member of the group is a member of one of the
// others, as far as the texts of their rules show: false means that nobody
// knows. Each rule that makes members must be covered by one of another group
// that is asked whatever the identity is.
func (p *Policy) Inside(g *authgroup.Group, others ...*authgroup.Group) bool {
	c := p.NewCover()
	for _, o := range others {
		c.Add(o)
	}
	return c.Holds(g)
}

// Cover says of groups that come one after the other who is in one of them. What
// was found once is not looked for again: a group costs its rules, however many
// groups it is compared with.
type Cover struct {
	policy  *Policy
	added   []*authgroup.Group
	joined  []int                      // those of which others are members by a rule authgroup=
	taken   map[*authgroup.Group]int32 // the first of the groups by which all of this one are members
	atoms   *coverage                  // what the rules of all of them ask
	states  map[*authgroup.Group]*state
	epoch   int // counts the groups that came
	through int // counts those that were taken after they were looked at
	steps   int // rules and names that were looked at
}

// state is what is known of a group that was looked at.
type state struct {
	rule       int  // those before it are covered
	some       bool // of these, one makes members
	held, busy bool
	epoch      int             // in which it was not held
	leaf       *authgroup.Rule // what was not covered then, where that alone is missing
	through    int

	bound *bound // what lower gives, once the group is held
}

// NewCover is one without groups, whose members are nobody.
func (p *Policy) NewCover() *Cover {
	return &Cover{
		policy: p, taken: map[*authgroup.Group]int32{}, atoms: newCoverage(), states: map[*authgroup.Group]*state{},
	}
}

// maxSteps bounds the work of one cover. Groups that name each other in turns and
// come in between each other have no end to what must be looked at again.
const maxSteps = 2_000_000

// Tired says that more was to be looked at than there is time for: what was not
// found then is not known.
func (c *Cover) Tired() bool { return c.steps > maxSteps }

// Add takes a group as the next one.
func (c *Cover) Add(o *authgroup.Group) {
	n := int32(len(c.added))
	c.added = append(c.added, o)
	c.epoch++
	if o.Renamed() == nil {
		c.atoms.name(o.Name, n)
	}
	if _, known := c.taken[o]; known {
		c.own(o, n)
		return
	}
	for todo := []*authgroup.Group{o}; len(todo) > 0 && !c.Tired(); {
		g := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if _, known := c.taken[g]; known {
			continue
		}
		if c.taken[g] = n; c.states[g] != nil {
			c.through++
		}
		below := c.own(g, n)
		if g == o && len(below) > 0 {
			c.joined = append(c.joined, int(n))
		}
		todo = append(todo, below...)
	}
}

// own takes the rules of a group that make a member of whom they match, and gives
// the groups that they name (arc-behaviour B3).
func (c *Cover) own(g *authgroup.Group, n int32) (names []*authgroup.Group) {
	for _, r := range asked(g) {
		c.steps++
		switch t, ok := r.Test.(*authgroup.Groups); {
		case r.Everybody():
			c.atoms.addRule(r, n)
		case r.Inverted:
		case ok:
			for _, named := range c.above(t, g) {
				c.atoms.name(named.Name, n)
				names = append(names, named)
			}
		default:
			c.atoms.addRule(r, n)
		}
	}
	return names
}

// above are the groups that a rule authgroup= of the group o finds.
func (c *Cover) above(t *authgroup.Groups, o *authgroup.Group) (found []*authgroup.Group) {
	for _, name := range t.Names {
		c.steps++
		if g := c.policy.Group(name.Text); g != nil && g.Renamed() == nil && c.policy.Place(g) < c.policy.Place(o) {
			found = append(found, g)
		}
	}
	return found
}

// maxNested bounds authgroup= rules within each other.
const maxNested = 100_000

// Holds says whether every member of the group is in one of those that came.
func (c *Cover) Holds(g *authgroup.Group) bool { return c.group(g, 0) }

func (c *Cover) group(g *authgroup.Group, depth int) bool {
	c.steps++
	if g == nil || depth > maxNested || g.Renamed() != nil {
		return false
	}
	if _, taken := c.taken[g]; taken {
		return true
	}
	s := c.states[g]
	switch {
	case s == nil:
		s = &state{}
		c.states[g] = s
	case s.held:
		return true
	case s.busy || s.epoch == c.epoch || c.Tired():
		return false
	case s.leaf != nil && s.through == c.through && !c.covered(s.leaf):
		s.epoch = c.epoch
		return false
	}
	s.busy = true
	s.held = c.rules(g, s, depth)
	s.busy, s.epoch, s.through = false, c.epoch, c.through
	return s.held
}

// rules goes on with the rules of a group where it was left.
func (c *Cover) rules(g *authgroup.Group, s *state, depth int) bool {
	for s.leaf = nil; s.rule < len(g.Rules); s.rule++ {
		r := g.Rules[s.rule]
		if !r.Positive() {
			continue
		}
		c.steps++
		if ok, leaf := c.rule(r, depth); !ok {
			s.leaf = leaf
			return false
		}
		s.some = true
	}
	return s.some
}

// rule says whether everybody whom the rule makes a member is in one of the
// groups that came, and else what is missing.
func (c *Cover) rule(r *authgroup.Rule, depth int) (ok bool, leaf *authgroup.Rule) {
	t, names := r.Test.(*authgroup.Groups)
	if !names || r.Inverted {
		return c.covered(r), r
	}
	if len(c.atoms.asking[wanted{}]) > 0 {
		return true, nil
	}
	some := false
	for _, name := range t.Names {
		c.steps++
		if !c.policy.Defined(name.Text) {
			continue
		}
		g := c.policy.Group(name.Text)
		if some = true; !c.group(g, depth+1) {
			if s := c.states[g]; s != nil && !s.busy {
				leaf = s.leaf
			}
			return false, leaf
		}
	}
	return some, nil
}

// covered says whether whom a rule matches is in one of the groups that came,
// where the rule names none.
func (c *Cover) covered(r *authgroup.Rule) bool {
	_, ok := c.least(r)
	return ok
}

func (c *Cover) least(r *authgroup.Rule) (n int32, ok bool) {
	if r.Inverted {
		all := c.atoms.asking[wanted{}]
		if len(all) == 0 {
			return 0, false
		}
		return all[0], true
	}
	return c.atoms.first(r.Test)
}

// asked are the rules of a group that make a member of everybody whom they
// match: no rule above them takes somebody away or fails.
func asked(g *authgroup.Group) []*authgroup.Rule {
	if g.Renamed() != nil {
		return nil
	}
	for i, r := range g.Rules {
		if r.Negative || !steady(r.Test) {
			return g.Rules[:i]
		}
	}
	return g.Rules
}

// steady says whether a test never fails, whoever asks.
func steady(t authgroup.Test) bool {
	switch t := t.(type) {
	case *authgroup.Subject, *authgroup.Groups:
		return true
	case *authgroup.All:
		return t.Yes() || t.Argument.Text == "no"
	case *authgroup.Tokens:
		return t.Missing == ""
	case *authgroup.VOMS:
		return t.Sound()
	case *authgroup.Expression:
		return t.Sound() && !t.Fatal
	}
	return false
}

// One is the first of the groups that came which holds all members of a group
// alone; -1 where none does. known is false where there was no time to find out.
func (c *Cover) One(g *authgroup.Group) (n int, known bool) {
	if !c.Holds(g) {
		return -1, !c.Tired()
	}
	b := c.lower(g)
	if b.exact {
		return int(b.n), true
	}
	least, found := b.n, c.common(g, b.n)
	if n, taken := c.taken[g]; taken && (found < 0 || int(n) < found) {
		found = int(n)
	}
	for _, i := range c.joined {
		if i < int(least) || found >= 0 && i > found {
			continue
		}
		if c.steps += len(g.Rules) + len(c.added[i].Rules); c.Tired() {
			return found, false
		}
		if alone := c.policy.NewCover(); c.alone(alone, g, i) {
			return i, true
		}
	}
	return found, true
}

// alone says whether one of the groups that came holds all members of a group.
func (c *Cover) alone(cover *Cover, g *authgroup.Group, i int) bool {
	cover.Add(c.added[i])
	held := cover.Holds(g)
	c.steps += cover.steps
	return held
}

// bound is a number below which no group alone holds all members of some group;
// exact says that the group of that number does.
type bound struct {
	n           int32
	exact, none bool // none: no group holds them
}

// lower is the bound for a group.
func (c *Cover) lower(g *authgroup.Group) bound {
	s := c.states[g]
	if s == nil {
		s = &state{}
		c.states[g] = s
	}
	if s.bound != nil {
		return *s.bound
	}
	s.bound = &bound{} // for a group that names itself
	b := c.content(g)
	if n, taken := c.taken[g]; taken && (b.none || b.n >= n) {
		b = bound{n: n, exact: true}
	}
	s.bound = &b
	return b
}

// content is the bound for a group as its rules show.
func (c *Cover) content(g *authgroup.Group) bound {
	var parts []bound
	for _, r := range g.Rules {
		if r.Positive() {
			parts = append(parts, c.boundOf(r))
		}
	}
	return together(parts)
}

// together is the bound for all whom several have.
func together(parts []bound) bound {
	if len(parts) == 0 {
		return bound{none: true}
	}
	all := parts[0]
	for _, b := range parts[1:] {
		all = bound{n: max(all.n, b.n), exact: all.exact && b.exact && all.n == b.n, none: all.none || b.none}
	}
	return all
}

// boundOf is the bound for those whom a rule makes members.
func (c *Cover) boundOf(r *authgroup.Rule) bound {
	c.steps++
	t, ok := r.Test.(*authgroup.Groups)
	if !ok || r.Inverted {
		n, covered := c.least(r)
		return bound{n: n, exact: true, none: !covered}
	}
	var parts []bound
	for _, name := range t.Names {
		switch g := c.policy.Group(name.Text); {
		case !c.policy.Defined(name.Text):
		case g == nil || !c.group(g, 0):
			parts = append(parts, bound{none: true})
		default:
			parts = append(parts, c.lower(g))
		}
	}
	b := together(parts)
	if all := c.atoms.asking[wanted{}]; len(all) > 0 && (b.none || b.n >= all[0]) {
		return bound{n: all[0], exact: true}
	}
	return b
}

// common is the least number from the given one on of a group whose own rules
// cover each rule of a group; -1 where there is none.
func (c *Cover) common(g *authgroup.Group, from int32) int {
	var rules [][][]int32 // of each, the numbers of what covers it
	rarest, fewest := -1, 0
	for _, r := range g.Rules {
		if !r.Positive() {
			continue
		}
		lists, n := [][]int32{c.atoms.asking[wanted{}]}, 0
		if !r.Inverted {
			lists = slices.Collect(c.atoms.covering(r.Test))
		}
		for _, list := range lists {
			n += len(list)
		}
		if rules = append(rules, lists); rarest < 0 || n < fewest {
			rarest, fewest = len(rules)-1, n
		}
	}
	best := -1
	for _, list := range rules[rarest] {
		for _, n := range list {
			if c.steps++; n < from || best >= 0 && int(n) >= best {
				continue
			}
			if !slices.ContainsFunc(rules, func(lists [][]int32) bool { return !hasNumber(lists, n) }) {
				best = int(n)
			}
		}
	}
	return best
}

func hasNumber(lists [][]int32, n int32) bool {
	return slices.ContainsFunc(lists, func(list []int32) bool {
		_, found := slices.BinarySearch(list, n)
		return found
	})
}
