package authz

import (
	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/lint"
)

var anySubject = &lint.Rule{
	ID:    "authz/any-subject",
	Title: "A token rule admits every token of an issuer",
	Why: "ARC asks only for the issuer. Everybody to whom it gives tokens gets in, with a token for any service and purpose, an ID token of a web login included. " +
		"An issuer serves more people than those who may submit jobs, and a large one serves many communities. " +
		"Pilot jobs come under a few subjects, and computing under the scopes compute.read, compute.create, compute.modify and compute.cancel.",
	Source:   "arc-behaviour A2, A4, A5; WLCG common JWT profile, compute scopes",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Severity: lint.Warning,
	Effect:   "Every token of the issuer gets in, for any user and any service.",
	Action:   "Name the audience of this CE, and a subject, scope or group.",
	Recipe:   "narrow-token-rules",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, t := range tokenRules(access.Model(s)) {
			if t.open.Issuer || !t.open.Audience || !t.open.Holder {
				continue
			}
			r.At(t.all.Span, "the rule asks for nothing but the issuer").About(t.Group.Name + " " + t.all.Text)
		}
	},
}
