package authz

import (
	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/lint"
)

var anySubject = &lint.Rule{
	ID:    "authz/any-subject",
	Title: "A token rule admits every token of an issuer",
	Why: "Only the issuer is asked for: everybody to whom it gives tokens may come in, with a token for whatever service and purpose, an ID token of a web login included. " +
		"An issuer serves more people than those who may submit jobs, and a large one serves many communities. " +
		"Pilot jobs come under a few subjects, and computing under the scopes compute.read, compute.create, compute.modify and compute.cancel.",
	Source:   "arc-behaviour A2, A4, A5; WLCG common JWT profile, compute scopes",
	Severity: lint.Warning,
	Recipe:   "narrow-token-rules",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, t := range tokenRules(access.Model(s)) {
			if t.open.Issuer || !t.open.Audience || !t.open.Holder {
				continue
			}
			r.At(t.all.Span, "the rule asks for nothing but the issuer, want the audience of this CE, and a subject, scope or group: every token of the issuer gets in, for whomever and for whatever service it was made").
				About(t.Group.Name + " " + t.all.Text)
		}
	},
}
