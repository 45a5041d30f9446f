package authgroup

import (
	"slices"
	"strings"
)

// Issuer is a place in a token rule that names an issuer.
type Issuer struct {
	Field
	Rule *Rule

	// Asked says that the rule takes in tokens of this issuer. A rule with one of
	// the signs - and !, or a comparison under "!", is about all others, and one
	// that ARC cannot evaluate takes in nobody.
	Asked bool
}

// Issuers are the places that name issuers: the field of authtokens, "*"
// included, and what an expression compares with iss by "=". A pattern names
// none (arc-behaviour A11). An expression that can be true of any issuer names "*".
func (d *Document) Issuers() []Issuer {
	var found []Issuer
	for _, g := range d.Groups {
		open := true
		for _, r := range g.Rules {
			found = append(found, r.named(open)...)
			if t, ok := r.Test.(*Computed); ok && open && !r.Negative && strings.HasPrefix(t.Keyword, "authtokens") {
				// Its issuer may be any.
				found = append(found, Issuer{Field: Field{Text: "*", Span: r.Option.Value.Span}, Rule: r, Asked: true})
			} else if open && r.anyToken() {
				found = append(found, Issuer{Field: Field{Text: "*", Span: r.Option.Value.Span}, Rule: r, Asked: true})
			}
			open = open && !r.Everybody() && !(r.Negative && r.Inverted)
		}
	}
	return found
}

// named are the issuers of a rule. Below a guard a rule with "!" takes in tokens of
// those issuers alone that the guard names.
func (r *Rule) named(open bool) []Issuer {
	return slices.DeleteFunc(r.Issuers(), func(i Issuer) bool { return !open && r.Inverted && !r.Negative && i.Text == "*" })
}

// anyToken says whether the rule takes in tokens of every issuer since it asks for
// nothing: all=yes and most rules with "!" (arc-behaviour S6). Below a rule "-!"
// only those are asked whom that one matches.
func (r *Rule) anyToken() bool {
	if r.Negative || !r.Positive() {
		return false
	}
	switch t := r.Test.(type) {
	case *Expression:
		return false // Issuers speaks of it
	case *Tokens:
		all := !slices.ContainsFunc(t.Fields(), func(f Field) bool { return !f.Any() })
		return r.Inverted && t.Missing == "" && !all
	}
	return r.Everybody() || r.Inverted
}

// Issuers are those of one rule.
func (r *Rule) Issuers() []Issuer {
	plain := r.Negative == r.Inverted // "-!" leaves those who do not match, and asks for those who do
	switch t := r.Test.(type) {
	case *Tokens:
		if !t.Issuer.Missing() && t.Issuer.Text != "" {
			return []Issuer{{Field: t.Issuer, Rule: r, Asked: plain && t.Missing == "" && !t.Tabbed()}}
		}
	case *Expression:
		var found []Issuer
		for _, c := range t.Comparisons {
			if c.Claim.Text == "iss" && !c.Regexp && c.Value.Text != "" {
				found = append(found, Issuer{Field: c.Value, Rule: r, Asked: t.Sound() && !t.Fatal && t.needs(c, plain)})
			}
		}
		if (plain || r.Positive()) && !t.Fatal && t.anyIssuer(plain) {
			found = append(found, Issuer{Field: Field{Text: "*", Span: t.Text.Span}, Rule: r, Asked: true})
		}
		return found
	}
	return nil
}

// anyIssuer says whether the expression can be true, or false where that is
// wanted, without a certain iss.
func (e *Expression) anyIssuer(want bool) bool {
	return e.Sound() && slices.ContainsFunc(e.WaysTo(want), func(way []Comparison) bool {
		return !slices.ContainsFunc(way, func(c Comparison) bool { return c.Claim.Text == "iss" && !c.Regexp && !c.Negated })
	})
}

// Open says what a token rule leaves open.
type Open struct {
	Issuer   bool
	Audience bool // every one is taken, or that of tokens for any service
	Holder   bool // neither subject, scope, group nor another claim is asked for
}

// AnyService is the audience of tokens that are good for any service (WLCG common
// JWT profile, aud). ARC compares it as any other text (arc-behaviour A4).
const AnyService = "https://wlcg.cern.ch/jwt/v1/any"

// Open reads it off a rule that makes holders of tokens members; ok is false for
// every other one, and for one that ARC cannot evaluate.
func (r *Rule) Open() (o Open, ok bool) {
	if r.Negative || r.Inverted {
		return Open{}, false
	}
	switch t := r.Test.(type) {
	case *Tokens:
		return Open{
			Issuer: t.Issuer.Any(), Audience: t.Audience.Any() || t.Audience.Text == AnyService,
			Holder: t.Subject.Any() && t.Scope.Any() && t.Group.Any(),
		}, t.Missing == ""
	case *Expression:
		return Open{Issuer: !t.Pins("iss"), Audience: !t.Pins("aud") || t.takes("aud", AnyService), Holder: !t.pinsHolder()}, t.Sound() && !t.Fatal
	}
	return Open{}, false
}

// pinsHolder says whether the expression asks for another claim than iss and aud,
// whichever of its ways makes it true.
func (e *Expression) pinsHolder() bool {
	return e.pins(func(c Comparison) bool { return c.Claim.Text != "iss" && c.Claim.Text != "aud" })
}

// takes says whether the expression asks for that value of a claim.
func (e *Expression) takes(claim, text string) bool {
	for _, c := range e.Comparisons {
		if c.Claim.Text == claim && c.Value.Text == text && !c.Regexp && !c.Negated {
			return true
		}
	}
	return false
}

// HasScheme says whether an issuer begins with that scheme and "://", which ARC
// compares without regard to case before it fetches keys (jwse_keys.cpp of 6.17 and
// 7.0, read only).
func HasScheme(issuer, scheme string) bool {
	name, _, ok := strings.Cut(issuer, "://")
	return ok && strings.EqualFold(name, scheme)
}
