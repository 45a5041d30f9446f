package authz

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var anyAudience = &lint.Rule{
	ID:    "authz/any-audience",
	Title: "A token rule admits tokens that were made for other services",
	Why: "A token without a check of its audience is a master key. A service that gets it, a storage or another CE, can use it here. " +
		"ARC compares the audience exactly: 6.17 looks at the first element of a list only, 7 at all. " +
		"The audience of tokens for any service, https://wlcg.cern.ch/jwt/v1/any, is nothing special to ARC: a rule that names the CE refuses it.",
	Source:   "arc-behaviour A4; RFC 9068 section 4, RFC 7519 section 4.1.3; WLCG common JWT profile, aud",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"A4"},
	Severity: lint.Warning,
	Effect:   "A token that another service was given works here too.",
	Action:   "Name the audience that this CE has in tokens.",
	Recipe:   "narrow-token-rules",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, t := range tokenRules(access.Model(s)) {
			if !t.open.Audience || t.open.Issuer || t.open.Holder {
				continue // any-issuer and any-subject say more of the same line
			}
			what := "`*` admits tokens for every service"
			switch {
			case t.audience != t.all && !t.audience.Any():
				what = "this is the audience of tokens for any service"
			case t.audience == t.all && t.Test.(*authgroup.Expression).Pins("aud"):
				what = "the expression admits the audience of tokens for any service"
			case t.audience == t.all:
				what = "the expression does not look at aud"
			}
			r.At(t.audience.Span, "%s", what).About(t.Group.Name + " " + t.all.Text)
		}
	},
}
