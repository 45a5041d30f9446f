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
	in := p.inclusion()
	for _, o := range others {
		in.take(o, 0)
	}
	return in.group(g, 0)
}

// Shadows says whether a rule matches whenever the other one does, which stands
// below it in the same group, as far as their texts and those of the groups that
// they name show.
func (p *Policy) Shadows(above, below *authgroup.Rule) bool {
	if above.Inverted || below.Inverted {
		return false
	}
	t, ok := above.Test.(*authgroup.Groups)
	if !ok || Covers(above.Test, below.Test) {
		return Covers(above.Test, below.Test)
	}
	in := p.inclusion()
	in.takeNamed(t, above.Group, 0)
	return in.rule(below, 0)
}

func (p *Policy) inclusion() *inclusion {
	return &inclusion{policy: p, left: p.Within(20_000_000, 500, 20_000)}
}

type inclusion struct {
	policy *Policy
	others []*authgroup.Group
	left   int // rules and names that may still be looked at
}

// tired says that enough was looked at: nobody knows then.
func (in *inclusion) tired() bool {
	in.left--
	return in.left < 0
}

// maxNested bounds authgroup= rules within each other.
const maxNested = 8

func (in *inclusion) group(g *authgroup.Group, depth int) bool {
	if g == nil || depth > maxNested || g.Renamed() != nil {
		return false
	}
	if slices.Contains(in.others, g) {
		return true
	}
	some := false
	for _, r := range g.Rules {
		if !r.Positive() {
			continue
		}
		some = true
		if in.tired() || !in.rule(r, depth) {
			return false
		}
	}
	return some
}

// take adds a group, and those above it of which its rules authgroup= make
// members (arc-behaviour B3).
func (in *inclusion) take(o *authgroup.Group, depth int) {
	if depth > maxNested || in.tired() || slices.Contains(in.others, o) {
		return
	}
	in.others = append(in.others, o)
	for _, r := range asked(o) {
		if t, ok := r.Test.(*authgroup.Groups); ok && !r.Inverted {
			in.takeNamed(t, o, depth)
		}
	}
}

// takeNamed adds the groups that a rule authgroup= of the group o names.
func (in *inclusion) takeNamed(t *authgroup.Groups, o *authgroup.Group, depth int) {
	for _, name := range t.Names {
		if g := in.policy.Group(name.Text); g != nil && g.Renamed() == nil && in.policy.Place(g) < in.policy.Place(o) {
			in.take(g, depth+1)
		}
	}
}

// rule says whether everybody whom the rule makes a member is in another group.
func (in *inclusion) rule(r *authgroup.Rule, depth int) bool {
	if t, ok := r.Test.(*authgroup.Groups); ok && !r.Inverted {
		some := false
		for _, name := range t.Names {
			if in.tired() {
				return false
			}
			if !in.policy.Defined(name.Text) {
				continue
			}
			if some = true; !in.group(in.policy.Group(name.Text), depth+1) {
				return false
			}
		}
		return some
	}
	for _, o := range in.others {
		for _, q := range asked(o) {
			if in.tired() {
				return false
			}
			if q.Everybody() || !q.Inverted && !r.Inverted && Covers(q.Test, r.Test) {
				return true
			}
		}
	}
	return false
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
