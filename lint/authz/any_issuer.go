package authz

import (
	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/lint"
)

var anyIssuer = &lint.Rule{
	ID:    "authz/any-issuer",
	Title: "A token rule admits tokens of every issuer",
	Why: "With `*` as the issuer ARC accepts a token of every issuer that the CE can reach and whose chain it trusts. " +
		"Everybody who can put a metadata file on a web server under a trusted CA is then an issuer. Such an issuer can write any subject, scope and group into a token.",
	Source:   "arc-behaviour S10, S4",
	Impact:   lint.Intrusion,
	Risk:     lint.Critical,
	Facts:    []string{"S10"},
	Severity: lint.Error,
	Effect:   "Everybody with a web server under a CA that this CE trusts can make such tokens.",
	Action:   "Name the one issuer of this group.",
	Recipe:   "narrow-token-rules",
	ByHand: `Where one part of an expression asks for an issuer and another part, joined by
|, for none, write a rule for each part:

    [authgroup:dune]
    authtokens=* https://vo.example.org https://ce.example.org compute.create *
    authtokens=pilot https://vo.example.org https://ce.example.org * *

Ask what becomes of a token:

    arclint whoami --claims claims.json

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		if !p.TokensCount() {
			return // tokens-not-enabled speaks of it
		}
		used := usedNames(p)
		for _, t := range tokenRules(p) {
			if !t.open.Issuer {
				continue
			}
			what := "`*` admits tokens of every issuer"
			if t.issuer == t.all {
				what = "the expression does not ask for an issuer"
			}
			f := r.At(t.issuer.Span, "%s", what).About(t.Group.Name + " " + t.all.Text)
			if !used[t.Group.Name] && !t.Group.RenamedTo(used) {
				f.As(lint.Warning) // nothing names the group: nobody gets in by it today
			}
		}
	},
}
