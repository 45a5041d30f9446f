package admission

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
)

// guards are the rules "-!" of groups: whoever they do not match leaves the group,
// so that the client of a door must match each of them that stands above its rule
// (arc-behaviour A8). What they ask is put together once for each place.
type guards struct {
	builder *builder
	groups  map[*authgroup.Group]*guarded
	wants   map[*authgroup.Rule]*want // of whom a rule lets in
	many    bool                      // some rule has more above it than were looked at
}

// guarded are the guards of one group.
type guarded struct {
	tests []authgroup.Test
	above map[*authgroup.Rule]int // how many stand above a rule
	past  []*want                 // of all who get past so many
	first *authgroup.Rule         // the first rule that makes members of some
}

// want is what a client must show.
type want struct {
	id     access.Identity
	claims claimSet
}

// maxGuards bounds the guards that one client is made to match: each adds something
// to what it shows.
const maxGuards = 64

// of are the guards of a group.
func (g *guards) of(group *authgroup.Group) *guarded {
	if found := g.groups[group]; found != nil {
		return found
	}
	found := &guarded{above: map[*authgroup.Rule]int{}, past: []*want{{}}}
	for _, r := range group.Rules {
		found.above[r] = len(found.tests)
		if found.first == nil && r.Positive() && found.narrow(r) != nil {
			found.first = r
		}
		if r.Negative && r.Inverted {
			found.tests = append(found.tests, r.Test)
		}
	}
	g.groups[group] = found
	return found
}

// narrow is what asks most of those whom a rule lets in: the rule itself, or the
// guard above one that takes in everybody; nil where nothing asks.
func (g *guarded) narrow(r *authgroup.Rule) authgroup.Test {
	if !r.Everybody() && !r.Inverted {
		return r.Test
	}
	if n := g.above[r]; n > 0 {
		return g.tests[n-1]
	}
	return nil
}

func (g *guards) narrow(r *authgroup.Rule) authgroup.Test { return g.of(r.Group).narrow(r) }

// above is what the guards above a rule ask for, as far as one client can have it
// all. Whether it gets past them is for the decision to say.
func (g *guards) above(r *authgroup.Rule) *want {
	of := g.of(r.Group)
	n := of.above[r]
	if n > maxGuards {
		n, g.many = maxGuards, true
	}
	for k := len(of.past); k <= n; k++ {
		of.past = append(of.past, g.meeting(of.tests[k-1], of.past[k-1]))
	}
	return of.past[n]
}

// meet adds to a client what the guards of its door ask for.
func (g *guards) meet(r *authgroup.Rule, id access.Identity, claims claimSet) (access.Identity, claimSet) {
	all := (&want{id, claims}).and(g.above(r))
	return all.id, all.claims
}

// and is what has both; the first goes before the second.
func (w *want) and(other *want) *want {
	both := &want{id: w.id, claims: w.claims}
	if other.claims != nil {
		both.claims = w.claims.joined(other.claims)
	}
	if s := other.id.Subject; s != "" && (both.id.Subject == "" || both.id.Subject == otherCertName) {
		both.id.Subject = s
	}
	for _, fqan := range other.id.FQANs {
		if !slices.Contains(both.id.FQANs, fqan) {
			both.id.FQANs = append(slices.Clip(both.id.FQANs), fqan)
		}
	}
	return both
}

// meeting is what has w, and is matched by the test.
func (g *guards) meeting(t authgroup.Test, w *want) *want {
	s := g.builder.site
	switch t := t.(type) {
	case *authgroup.Tokens:
		return w.and(&want{claims: fromTokens(s, t)})
	case *authgroup.Expression:
		if ways := t.Ways(); len(ways) > 0 {
			return w.and(&want{claims: fromWay(s, ways[0])})
		}
	case *authgroup.Subject:
		if made := fromSubject(s, t.DN.Text); made != nil {
			return w.and(&want{claims: made})
		}
		return w.and(&want{id: access.Identity{Subject: t.DN.Text}})
	case *authgroup.VOMS:
		if t.Sound() {
			return w.and(&want{id: access.Identity{Subject: otherCertName, FQANs: []string{fqanOf(s, t)}}})
		}
	case *authgroup.Groups:
		if r := g.firstPositive(t); r != nil {
			return w.and(g.member(r))
		}
	}
	return w
}

// member is what a rule asks of those whom it lets in, with the guards above it.
func (g *guards) member(r *authgroup.Rule) *want {
	if known := g.wants[r]; known != nil {
		return known
	}
	g.wants[r] = &want{} // for groups that name each other
	g.wants[r] = g.meeting(g.narrow(r), g.above(r))
	return g.wants[r]
}

// firstPositive is the first rule that makes a member of one of the groups.
func (g *guards) firstPositive(t *authgroup.Groups) *authgroup.Rule {
	for _, name := range t.Names {
		if group := g.builder.policy.Group(name.Text); group != nil && g.of(group).first != nil {
			return g.of(group).first
		}
	}
	return nil
}
