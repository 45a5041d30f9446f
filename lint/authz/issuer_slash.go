package authz

import (
	"strings"

	"arclint/internal/access"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/lint"
)

var issuerSlash = &lint.Rule{
	ID:    "authz/issuer-slash",
	Title: "An issuer has a slash at its end too many or too few",
	Why: "ARC compares the issuer with the claim iss byte for byte, and the slash at the end is a byte. INDIGO IAM puts one there, CILogon, Keycloak and SciTokens do not. " +
		"The keys are fetched either way, so that nothing in the log of the fetch shows the fault: the rule just never matches.",
	Source:   "arc-behaviour A3",
	Impact:   lint.Outage,
	Facts:    []string{"A3"},
	Severity: lint.Error,
	Recipe:   "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		known := nearIssuers(s)
		for _, n := range namedIssuers(access.Model(s)) {
			near, difference := known[n.Text].issuer, known[n.Text].difference
			if difference != issuers.TrailingSlash {
				continue
			}
			has := "no slash"
			if strings.HasSuffix(n.Text, "/") {
				has = "a slash"
			}
			r.At(n.Span, "issuer %s has %s at its end", n.Text, has).
				Means("Its tokens have the issuer %s. %s", near.URL, lint.MatchesNobody(n.Rule.Inverted)).Opens(turnsOpen(n.Rule)).Do(asInTokens).
				About(n.Text).Fix(withIssuer(n, near.URL))
		}
	},
}
