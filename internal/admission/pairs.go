package admission

import (
	"slices"

	"arclint/internal/authgroup"
)

// pairs adds the ways in for which one rule is not enough: a client who is in a
// group that has an account, and by another rule in a group that the access list
// admits; and one who has, besides, what a rule with a sign asks for, and so is not
// in a group that would be denied or has another account. How many are tried depends
// on the size of the site; more is true where some were left out.
func (b *builder) pairs() (more bool) {
	p := &pairing{builder: b, left: b.policy.Within(200_000, 50, 1000), told: map[told][]shows{}, signed: signed(b.site, b.policy)}
	// Who shows nothing, or what nobody has, is no part of anything.
	// Only pointers are kept: a door has 700 bytes, and a site may have 64,000.
	var ways []*Door
	for i := range b.doors {
		if d := &b.doors[i]; d.Rule != nil && shownBy(*d) != 0 {
			ways = append(ways, d)
		}
	}
	for _, d := range ways {
		p.tell(*d)
	}
	var parts []*Door
	for _, d := range ways {
		parts = append(parts, p.besides(*d)...)
	}
	p.admittedToo(slices.Concat(ways, parts))
	p.signed = p.doubled()
	for _, d := range ways {
		p.besides(*d)
	}
	return p.left < 0 || p.cut
}

// pairing is on its way through the pairs.
type pairing struct {
	*builder
	left   int  // clients that may still be tried
	cut    bool // not all pairs of rules with a sign were asked
	told   map[told][]shows
	signed []Door // what may be shown besides
}

// told is an account that open ways in give by a rule, and by any.
type told struct {
	rule    *authgroup.Rule
	account string
}

// shows are the kinds of credentials of a client, one bit each.
type shows uint

const (
	showsToken shows = 1 << iota
	showsCertificate
	showsAttributes
)

func shownBy(d Door) (kinds shows) {
	if d.Proof.Claims != "" {
		kinds |= showsToken
	}
	if d.Proof.Subject != "" {
		kinds |= showsCertificate
	}
	if len(d.Proof.FQANs) > 0 {
		kinds |= showsAttributes
	}
	return kinds
}

func (p *pairing) tell(d Door) {
	if shut(d) > 0 {
		return
	}
	for _, t := range []told{{d.Rule, d.Account()}, {nil, d.Account()}} {
		p.told[t] = append(p.told[t], shownBy(d))
	}
}

// news says whether a way in that was made of two tells more than each of them: that
// the rule of one that is shut lets in after all, or that there is that account for
// who shows no more.
func (p *pairing) news(d, of, with Door) bool {
	gives := func(part Door) bool { return shut(part) == 0 && part.Account() == d.Account() }
	if shut(d) > 0 || gives(of) || with.Rule != nil && with.Decision.Allowed && gives(with) {
		return false
	}
	t := told{nil, d.Account()}
	if shut(of) > 0 && !d.Beside() {
		t.rule = d.Rule
	}
	return !slices.ContainsFunc(p.told[t], func(kinds shows) bool { return kinds&^shownBy(d) == 0 })
}

// admittedToo pairs what gives an account with what the list admits.
func (p *pairing) admittedToo(ways []*Door) {
	var admitted, mapped, closed []*Door
	for _, d := range ways {
		a := p.halves(*d)
		if a.admitted {
			admitted = append(admitted, d)
		}
		if a.mapped && !a.admitted && !d.Open() {
			mapped = append(mapped, d)
		}
		if a.closed {
			closed = append(closed, d)
		}
	}
	p.pairUp(mapped, slices.Concat(admitted, closed))
	p.pairUp(closed, ways)
}

func (p *pairing) pairUp(mapped, admitted []*Door) {
	for _, m := range mapped {
		open := map[opens]bool{}
		for _, a := range admitted {
			by := opens{a.Group, shownBy(*a)}
			if open[by] {
				continue
			}
			if p.left--; p.left < 0 {
				return
			}
			d, ok := p.pair(*m, *a, m.Who+" and at the same time "+a.Who)
			if !ok {
				continue
			}
			if p.news(d, *m, *a) {
				open[by] = true
				p.keep(d)
			}
			p.besides(d)
		}
	}
}

// opens is what opens a door: an admitted group, and what is shown for it.
type opens struct {
	group string
	by    shows
}

// halves says what of getting in the client of a door has. One whose connection ARC
// closes may have all of it, where another rule takes it first.
type halves struct{ admitted, mapped, closed bool }

func (p *pairing) halves(d Door) halves {
	list := p.policy.List(authgroup.JobsBlock)
	if list == nil || !p.site.Release.JobsListEnforced {
		return halves{}
	}
	return halves{d.Decision.Listed, d.Decision.Account != "" || d.Decision.AccountFrom != "", !d.Decision.Allowed && d.Decision.Status == 0}
}

// besides tries who has, beside what a way in asks for, what a rule with a sign asks
// for. parts are those who are still kept out, and have more of getting in by it.
func (p *pairing) besides(d Door) (parts []*Door) {
	had := p.halves(d)
	for _, s := range p.signed {
		if p.left--; p.left < 0 {
			return parts
		}
		with, ok := p.pair(d, s, d.Who+" with "+shownBesides(s))
		if ok && isOne(d, s) {
			with.Width, with.Who, with.Shown = OnePerson, "the certificate "+s.Proof.Subject, s.Proof.Subject
		}
		switch {
		case !ok:
		case p.news(with, d, s):
			p.keep(with)
		case shut(with) == 2 && p.halves(with) != had:
			parts = append(parts, &with)
		}
	}
	return parts
}

// isOne says that who has what a rule names besides is one person: nobody with any other
// certificate is meant, as where a ! takes back another.
func isOne(d, besides Door) bool {
	if d.Width != AnyHolder || len(d.Proof.FQANs) > 0 || d.Proof.Claims != "" || besides.Rule == nil {
		return false
	}
	_, one := besides.Rule.Test.(*authgroup.Subject)
	return one && besides.claims == nil && besides.Proof.Subject != ""
}

// shownBesides says what it is, for people.
func shownBesides(s Door) string {
	switch {
	case s.Who != "" && s.Rule == nil:
		return s.Who
	case s.claims == nil && s.Proof.Subject == otherCertName && len(s.Proof.FQANs) == 0:
		return "any certificate"
	}
	return "what " + lineOf(s.Rule) + " asks for"
}

// What is shown besides for two rules at once, and how many pairs of rules are asked
// for it: all of those of 362 rules.
const (
	maxDoubled = 64
	maxAsked   = 1 << 16
)

// doubled are clients who show what two rules with a sign ask for.
func (p *pairing) doubled() []Door {
	var all []Door
	asked := 0
	for i, a := range p.signed {
		for _, b := range p.signed[:i] {
			if len(all) == maxDoubled {
				return all
			}
			if asked++; asked > maxAsked {
				p.cut = true
				return all
			}
			if a.Rule == b.Rule {
				continue
			}
			id, claims, ok := together(a, b)
			if !ok {
				continue
			}
			d := Door{Who: shownBesides(b) + " and " + shownBesides(a), Issuer: a.Issuer, claims: claims, Proof: Proof{Subject: id.Subject, FQANs: id.FQANs}}
			if d.Issuer == "" || d.Issuer == "*" && b.Issuer != "" {
				d.Issuer = b.Issuer
			}
			all = append(all, d)
		}
	}
	return all
}

func (p *pairing) keep(d Door) {
	p.doors = append(p.doors, d)
	p.tell(d)
}

// pair is the door of those who have what both ask for.
func (p *pairing) pair(a, b Door, who string) (Door, bool) {
	id, claims, ok := together(a, b)
	if !ok || a.Rule == b.Rule {
		return Door{}, false
	}
	d := Door{Rule: a.Rule, Group: a.Group, Width: max(a.Width, b.Width), Many: a.Many, Issuer: a.Issuer, Who: who, Shown: a.Shown}
	if b.Shown != "" {
		d.Shown += " + " + b.Shown
	}
	if d.Issuer == "" || d.Issuer == "*" && b.Issuer != "" && b.Rule != nil && b.Rule.Positive() && !b.Rule.Inverted {
		d.Issuer = b.Issuer // a rule with a sign takes in no tokens of the issuer that it names
	}
	known := len(p.doors)
	p.add(d, id, claims)
	d = p.doors[known]
	p.doors = p.doors[:known]
	return d, true
}
