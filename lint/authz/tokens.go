package authz

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/internal/source"
)

// tokenRule is a rule that makes holders of tokens members, and what it leaves
// open.
type tokenRule struct {
	*authgroup.Rule
	open                  authgroup.Open
	issuer, audience, all authgroup.Field // where they stand; all is the whole value
}

// tokenRules are the rules of that kind that ARC can evaluate, those of
// authtokens first. A negative rule lets nobody in, and an inverted one is the
// business of open-to-all.
func tokenRules(p *access.Policy) []tokenRule {
	var found []tokenRule
	for _, r := range authgroup.Rules[*authgroup.Tokens](p.Document) {
		if open, ok := r.Open(); ok {
			found = append(found, tokenRule{Rule: r.Rule, open: open, issuer: r.Test.Issuer, audience: r.Test.Audience, all: value(r.Rule)})
		}
	}
	for _, r := range authgroup.Rules[*authgroup.Expression](p.Document) {
		if open, ok := r.Open(); ok {
			found = append(found, tokenRule{Rule: r.Rule, open: open, issuer: r.Test.Text, audience: r.Test.Text, all: r.Test.Text})
		}
	}
	return found
}

func value(r *authgroup.Rule) authgroup.Field {
	return authgroup.Field{Text: r.Option.Value.Text, Span: r.Option.Value.Span}
}

// namedIssuers are the issuers of all token rules, whatever their sign: those
// of authtokens, and those that an expression compares with "=".
func namedIssuers(p *access.Policy) []authgroup.Issuer {
	return slices.DeleteFunc(p.Issuers(), func(n authgroup.Issuer) bool { return n.Any() })
}

// withIssuer is the edit that puts another issuer in its place, with the quotes
// that stand there.
func withIssuer(n authgroup.Issuer, url string) source.Edit {
	if n.Quoted {
		url = `"` + url + `"`
	}
	return n.Replace(url)
}

// near is the known issuer that one was probably meant to be.
type near struct {
	issuer     issuers.Issuer
	difference issuers.Difference
}

// nearIssuers looks up once what several rules ask of each issuer that token rules
// name.
func nearIssuers(s *site.Site) map[string]near {
	return site.Once(s, nearKey{}, func() map[string]near {
		known, found := issuers.Known(), map[string]near{}
		for _, n := range namedIssuers(access.Model(s)) {
			if _, asked := found[n.Text]; !asked {
				issuer, difference := known.Near(n.Text)
				found[n.Text] = near{issuer, difference}
			}
		}
		return found
	})
}

type nearKey struct{}
