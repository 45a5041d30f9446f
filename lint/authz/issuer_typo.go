package authz

import (
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/lint"
)

var issuerTypo = &lint.Rule{
	ID:    "authz/issuer-typo",
	Title: "An issuer is probably misspelt",
	Why: "ARC compares the issuer with the claim iss byte for byte, upper and lower case, scheme and port included. A misspelt issuer keeps out those for whom the rule is. " +
		"It lets in those to whom the owner of the other name gives tokens.",
	Source:   "arc-behaviour A3, I2",
	Impact:   lint.Outage,
	Facts:    []string{"A3", "I2"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   "edit-arc-conf",
	ByHand: `Ask the VO for its issuer, or read the claim iss of one of its tokens:

    arclint whoami --token token.jwt

Write it byte for byte, with https:// before it:

    [authgroup:dune]
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

See that the CE can fetch its keys:

    arclint trust

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		known := nearIssuers(s)
		for _, n := range namedIssuers(access.Model(s)) {
			if authgroup.HasScheme(n.Text, "http") {
				continue // trust/issuer-http speaks of it
			}
			near, difference := known[n.Text].issuer, known[n.Text].difference
			switch difference {
			case issuers.LetterCase, issuers.Scheme, issuers.Port:
				r.At(n.Span, "issuer %s differs from the known one by its %s", n.Text, difference).
					Means("Its tokens have the issuer %s. %s", near.URL, lint.MatchesNobody(n.Rule.Inverted)).Opens(turnsOpen(n.Rule)).Do(asInTokens).
					About(n.Text).Fix(withIssuer(n, near.URL))
			case issuers.Spelling:
				r.At(n.Span, "issuer %s is unknown; did you mean %s?", n.Text, near.URL).
					Means("The name is nearly that of the issuer of %s. If it is misspelt, the rule never matches tokens of %s.", near.VO, near.VO).
					Do("Ask the VO for its issuer, and write it exactly so.").
					As(lint.Warning).About(n.Text)
			case issuers.None:
				checkScheme(s, r, n)
			}
		}
	},
}

// checkScheme reports an issuer that is no URL and that 6.17 refuses.
func checkScheme(s *site.Site, r *lint.Reporter, n authgroup.Issuer) {
	if strings.Contains(n.Text, "://") || s.Release.IssuerWithoutScheme {
		return
	}
	r.At(n.Span, "issuer %s has no https://", n.Text).
		Means("ARC 6 cannot fetch keys from it and refuses its tokens.").Do("Write the whole URL.").About(n.Text)
}
