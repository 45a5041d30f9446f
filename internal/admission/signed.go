package admission

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
)

// signed are clients whom the tests of rules with a sign match: who has that, beside
// what a way in asks for, may leave a group by it. So may who does not match an
// expression with "!" in it, and at whom a rule fails, whatever the sign of the rule.
func signed(s *site.Site, p *access.Policy) []Door {
	var found []Door
	for _, g := range p.Groups {
		for _, r := range g.Rules {
			if r.Negative || r.Inverted {
				found = append(found, witnesses(s, p, r)...)
			}
			switch t := r.Test.(type) {
			case *authgroup.Expression:
				found = append(found, unmatched(s, r, t)...)
			case *authgroup.Subject:
				if fromSubject(s, t.DN.Text) != nil { // a certificate takes the place of that subject (arc-behaviour F4)
					found = append(found, Door{Rule: r, Proof: Proof{Subject: otherCertName}})
				}
			case *authgroup.Tokens:
				if t.Missing != "" {
					found = append(found, anyToken(s, r))
				}
			case *authgroup.VOMS:
				if !t.Sound() {
					found = append(found, Door{Rule: r, Proof: Proof{Subject: otherCertName, FQANs: []string{"/" + someVO(s)}}})
				}
			}
		}
	}
	return found
}

// witnesses are clients whom the test of a rule matches, those whom rules of the
// groups that it names make members included.
func witnesses(s *site.Site, p *access.Policy, r *authgroup.Rule) []Door {
	t, ok := r.Test.(*authgroup.Groups)
	if !ok {
		return matching(s, r)
	}
	var found []Door
	for _, name := range t.Names {
		g := p.Group(name.Text)
		if g == nil {
			continue
		}
		for _, member := range g.Rules {
			if _, nested := member.Test.(*authgroup.Groups); member.Positive() && !member.Inverted && !nested && len(found) < maxGuards {
				found = append(found, matching(s, member)...)
			}
		}
	}
	return found
}

// unmatched are clients of whom an expression is false that is true of a token which
// says nothing of that.
func unmatched(s *site.Site, r *authgroup.Rule, e *authgroup.Expression) []Door {
	if !e.Sound() {
		return []Door{anyToken(s, r)}
	}
	var doors []Door
	for _, way := range e.WaysTo(false) {
		if slices.ContainsFunc(way, func(c authgroup.Comparison) bool { return !c.Negated }) {
			doors = append(doors, doorOf(s, r, fromWay(s, way), whatIsAsked(way).issuer))
		}
	}
	return doors
}

// anyToken is a token of nobody: at a rule that is not sound ARC goes no further with
// any token (arc-behaviour A7).
func anyToken(s *site.Site, r *authgroup.Rule) Door {
	return doorOf(s, r, fresh(s).with(claimSet{"sub": anyone, "iss": otherIssuer, "aud": otherAudience}), "*")
}
