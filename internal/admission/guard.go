package admission

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
)

// guards are the rules "-!" of groups: whoever they do not match leaves the group,
// so that the client of a door must match each of them that stands above its rule
// (arc-behaviour A8). What they ask is put together once for each place.
type guards struct {
	builder *builder
	groups  map[*authgroup.Group]*guarded
	wants   map[wanter]*want
	many    bool // some rule has more above it than were looked at
}

// guarded are the guards of one group.
type guarded struct {
	tests []authgroup.Test
	above map[*authgroup.Rule]int // how many stand above a rule
	past  map[bool][]*want        // of all who get past so many, with a token or without
	some  []*authgroup.Rule       // the first rules that make members of some
}

// wanter is whom a rule lets in, with a token where that will do.
type wanter struct {
	rule  *authgroup.Rule
	token bool
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
	found := &guarded{above: map[*authgroup.Rule]int{}, past: map[bool][]*want{true: {{}}, false: {{}}}}
	for _, r := range group.Rules {
		found.above[r] = len(found.tests)
		if len(found.some) < maxGuards && r.Positive() && found.narrow(r) != nil {
			found.some = append(found.some, r)
		}
		if r.Negative && r.Inverted && !everybody(r.Test) {
			found.tests = append(found.tests, r.Test)
		}
	}
	g.groups[group] = found
	return found
}

// everybody says whether a test matches whoever comes: a guard of that kind turns
// nobody away.
func everybody(t authgroup.Test) bool { return (&authgroup.Rule{Test: t}).Everybody() }

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
// all, with a token rather than a certificate where token says so. Whether it gets
// past them is for the decision to say.
func (g *guards) above(r *authgroup.Rule, token bool) *want {
	of := g.of(r.Group)
	n := of.above[r]
	if n > maxGuards {
		n, g.many = maxGuards, true
	}
	for k := len(of.past[token]); k <= n; k++ {
		of.past[token] = append(of.past[token], g.meeting(of.tests[k-1], of.past[token][k-1], token))
	}
	return of.past[token][n]
}

// guarded says whether a guard stands above the rule.
func (g *guards) guarded(r *authgroup.Rule) bool { return g.of(r.Group).above[r] > 0 }

// meet adds to a client what the guards of its door ask for.
func (g *guards) meet(r *authgroup.Rule, id access.Identity, claims claimSet) (access.Identity, claimSet) {
	all := (&want{id, claims}).and(g.above(r, claims != nil))
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
func (g *guards) meeting(t authgroup.Test, w *want, token bool) *want {
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
		if neverOfCertificate(t.DN.Text) {
			return w // nobody gets past it
		}
		return w.and(&want{id: access.Identity{Subject: t.DN.Text}})
	case *authgroup.VOMS:
		if t.Sound() {
			return w.and(&want{id: access.Identity{Subject: otherCertName, FQANs: []string{fqanOf(s, t)}}})
		}
	case *authgroup.Groups:
		if r := g.somePositive(t, token); r != nil {
			return w.and(g.member(r, token))
		}
	}
	return w
}

// member is what a rule asks of those whom it lets in, with the guards above it.
func (g *guards) member(r *authgroup.Rule, token bool) *want {
	of := wanter{r, token}
	if known := g.wants[of]; known != nil {
		return known
	}
	g.wants[of] = &want{} // for groups that name each other
	g.wants[of] = g.meeting(g.narrow(r), g.above(r, token), token)
	return g.wants[of]
}

// firstPositive is the first rule that makes a member of one of the groups.
func (g *guards) firstPositive(t *authgroup.Groups) *authgroup.Rule {
	for _, r := range g.positives(t) {
		return r
	}
	return nil
}

// somePositive is the first of these for tokens, or for certificates; where there is
// none, the first of all.
func (g *guards) somePositive(t *authgroup.Groups, token bool) *authgroup.Rule {
	all := g.positives(t)
	for _, r := range all {
		if forToken(g.builder.site, g.narrow(r)) == token {
			return r
		}
	}
	return g.firstPositive(t)
}

// positives are rules that make members of the groups.
func (g *guards) positives(t *authgroup.Groups) []*authgroup.Rule {
	var all []*authgroup.Rule
	for _, name := range t.Names {
		if group := g.builder.policy.Group(name.Text); group != nil && len(all) < maxGuards {
			all = append(all, g.of(group).some...)
		}
	}
	return all
}

// forToken says whether a test asks for a token.
func forToken(s *site.Site, test authgroup.Test) bool {
	switch t := test.(type) {
	case *authgroup.Tokens, *authgroup.Expression:
		return true
	case *authgroup.Subject:
		return fromSubject(s, t.DN.Text) != nil
	}
	return false
}
