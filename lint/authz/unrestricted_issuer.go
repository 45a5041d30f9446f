package authz

import (
	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var unrestrictedIssuer = &lint.Rule{
	ID:    "authz/unrestricted-issuer",
	Title: "A token rule asks for issuer and audience only, and nothing else asks for a scope",
	Why: "The audience says for which service a token is, not what its holder may do there. An issuer gives tokens to everybody who has an account with it. " +
		"In the WLCG profile those who may compute get the scope compute.create. Without a subject, scope or group in the rule, and without [arex] tokenscopes, nothing asks for it. " +
		"A token that was made to read the state of jobs submits them as well.",
	Source:   "arc-behaviour A5, A6, A12; WLCG common JWT profile, compute scopes",
	Impact:   lint.Intrusion,
	Risk:     lint.Low,
	Severity: lint.Note,
	Recipe:   lint.Manual,
	ByHand: `Ask the VO which scope or group its tokens for jobs carry, and write it into
the rule. Expect that tokens without it are refused then.

    [authgroup:dune]
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

On ARC 7.2.0, ask for the scope of each action in place of that, if you like:

    [arex]
    tokenscopes=jobcreate=compute.create,jobcancel=compute.cancel

See that tokens of the VO still get in:

    arclint whoami --token token.jwt

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		wide := map[*authgroup.Rule]tokenRule{}
		for _, t := range tokenRules(access.Model(s)) {
			if !t.open.Issuer && !t.open.Audience && t.open.Holder { // the others are for any-issuer, any-audience, any-subject
				wide[t.Rule] = t
			}
		}
		if len(wide) == 0 {
			return
		}
		action := "Add a subject, scope or group"
		if s.Release.Scopes.Known() && !s.Release.Scopes.Whole() { // token-scopes says what whole scopes do
			action += ", or tokenscopes in [arex]"
		}
		for _, d := range openDoors(s, r) {
			t, ok := wide[d.Rule]
			if !ok || d.Submit.State != admission.Yes || d.Submit.Scope != "" {
				continue
			}
			delete(wide, d.Rule) // one finding for all ways of an expression
			r.At(t.all.Span, "the rule asks for nothing but issuer and audience").
				Means("Whoever gets a token for this CE from the issuer submits jobs, as with the claims %s.", timeless(d.Proof.Claims)).Do("%s.", action).
				About(t.Group.Name+" "+t.all.Text).With("request", proofOf(d))
		}
	},
}
