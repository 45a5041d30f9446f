package admission

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
)

// guards are the rules "-!" above a rule of its group: whoever they do not match
// leaves the group, so that the client of a door must match each of them
// (arc-behaviour A8).
func guards(r *authgroup.Rule) []authgroup.Test {
	var found []authgroup.Test
	for _, above := range r.Group.Rules {
		if above == r {
			break
		}
		if above.Negative && above.Inverted {
			found = append(found, above.Test)
		}
	}
	return found
}

// guarded adds to a client what the guards of its door ask for, as far as one
// client can have it all. Whether it gets past them is for the decision to say.
func (b *builder) guarded(d Door, id access.Identity, claims claimSet) (access.Identity, claimSet) {
	for _, t := range guards(d.Rule) {
		id, claims = b.meeting(t, id, claims, maxGuards)
	}
	return id, claims
}

// maxGuards bounds authgroup= rules within each other.
const maxGuards = 8

func (b *builder) meeting(t authgroup.Test, id access.Identity, claims claimSet, depth int) (access.Identity, claimSet) {
	switch t := t.(type) {
	case *authgroup.Tokens:
		claims = claims.joined(fromTokens(b.site, t))
	case *authgroup.Expression:
		if ways := t.Ways(); len(ways) > 0 {
			claims = claims.joined(fromWay(b.site, ways[0]))
		}
	case *authgroup.Subject:
		if made := fromSubject(b.site, t.DN.Text); made != nil {
			claims = claims.joined(made)
		} else if id.Subject == "" || id.Subject == otherCertName {
			id.Subject = t.DN.Text
		}
	case *authgroup.VOMS:
		if t.Sound() {
			if fqan := fqanOf(b.site, t); !slices.Contains(id.FQANs, fqan) {
				id.FQANs = append(slices.Clone(id.FQANs), fqan)
			}
			if id.Subject == "" {
				id.Subject = otherCertName
			}
		}
	case *authgroup.Groups:
		rule := b.firstPositive(t)
		if rule == nil || depth == 0 {
			break
		}
		for _, above := range append(guards(rule), narrow(rule)) {
			id, claims = b.meeting(above, id, claims, depth-1)
		}
	}
	return id, claims
}

// narrow is what asks most of those whom a rule lets in: the rule itself, or the
// guard above one that takes in everybody; nil where nothing asks.
func narrow(r *authgroup.Rule) authgroup.Test {
	if !r.Everybody() && !r.Inverted {
		return r.Test
	}
	if past := guards(r); len(past) > 0 {
		return past[len(past)-1]
	}
	return nil
}

// firstPositive is the first rule that makes a member of one of the groups.
func (b *builder) firstPositive(t *authgroup.Groups) *authgroup.Rule {
	for _, name := range t.Names {
		g := b.policy.Group(name.Text)
		if g == nil {
			continue
		}
		for _, r := range g.Rules {
			if r.Positive() && narrow(r) != nil {
				return r
			}
		}
	}
	return nil
}
