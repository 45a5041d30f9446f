package authz

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
)

// tokenRule is a rule that makes holders of tokens members, and what it leaves
// open.
type tokenRule struct {
	*authgroup.Rule
	anyIssuer, anyAudience bool
	anyHolder              bool            // subject, scope and group, and any other claim
	issuer, audience, all  authgroup.Field // where they stand; all is the whole value
}

// tokenRules are the rules of that kind that ARC can evaluate. A negative rule
// lets nobody in, and an inverted one is the business of open-to-all.
func tokenRules(p *access.Policy) []tokenRule {
	var found []tokenRule
	for _, r := range authgroup.Rules[*authgroup.Tokens](p.Document) {
		if t := r.Test; t.Missing == "" && !r.Negative && !r.Inverted {
			found = append(found, tokenRule{
				Rule: r.Rule, anyIssuer: t.Issuer.Any(), anyAudience: t.Audience.Any(),
				anyHolder: t.Subject.Any() && t.Scope.Any() && t.Group.Any(),
				issuer:    t.Issuer, audience: t.Audience, all: value(r.Rule),
			})
		}
	}
	for _, r := range authgroup.Rules[*authgroup.Expression](p.Document) {
		if e := r.Test; e.Err == nil && !r.Negative && !r.Inverted {
			found = append(found, tokenRule{
				Rule: r.Rule, anyIssuer: !e.Pins("iss"), anyAudience: !e.Pins("aud"), anyHolder: !pinsHolder(e),
				issuer: e.Text, audience: e.Text, all: e.Text,
			})
		}
	}
	return found
}

func pinsHolder(e *authgroup.Expression) bool {
	return slices.ContainsFunc(e.Comparisons, func(c authgroup.Comparison) bool {
		return c.Claim.Text != "iss" && c.Claim.Text != "aud" && e.Pins(c.Claim.Text)
	})
}

func value(r *authgroup.Rule) authgroup.Field {
	return authgroup.Field{Text: r.Option.Value.Text, Span: r.Option.Value.Span}
}

// namedIssuer is a place that names a token issuer.
type namedIssuer struct {
	authgroup.Field
	rule *authgroup.Rule
}

// namedIssuers are the issuers of all token rules, whatever their sign: those
// of authtokens, and those that an expression compares with "=".
func namedIssuers(p *access.Policy) []namedIssuer {
	var found []namedIssuer
	for _, r := range authgroup.Rules[*authgroup.Tokens](p.Document) {
		if t := r.Test; !t.Issuer.Missing() && !t.Issuer.Any() && t.Issuer.Text != "" {
			found = append(found, namedIssuer{Field: t.Issuer, rule: r.Rule})
		}
	}
	for _, r := range authgroup.Rules[*authgroup.Expression](p.Document) {
		for _, c := range r.Test.Comparisons {
			if c.Claim.Text == "iss" && !c.Regexp {
				found = append(found, namedIssuer{Field: c.Value, rule: r.Rule})
			}
		}
	}
	return found
}

// with is the edit that puts another issuer in its place, with the quotes that
// stand there.
func (n namedIssuer) with(url string) authgroup.Field {
	if n.Quoted {
		n.Text = `"` + url + `"`
	} else {
		n.Text = url
	}
	return n.Field
}
