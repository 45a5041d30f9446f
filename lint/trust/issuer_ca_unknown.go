package trust

import (
	"arclint/internal/site"
	"arclint/internal/verify"
	"arclint/lint"
)

var issuerCAUnknown = &lint.Rule{
	ID:    "trust/issuer-ca-unknown",
	Title: "It is not known which CA signed a token issuer's certificate",
	Why: "Whether the CE can fetch the issuer's keys depends on the chain that the issuer serves, and no file of the site shows it. " +
		"`arclint probe ISSUER` writes the chain as evidence; `arclint check --evidence DIR` then gives a verdict.",
	Source:   "arc-behaviour D1, D5, S10",
	Severity: lint.Note,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, it := range verify.Trust(s) {
			switch {
			case it.KeyFetch != verify.FetchUnknown || isHTTP(it.Issuer):
			case it.Issuer == "*":
				r.Skip("a rule admits tokens of any issuer (*): whose keys this CE can fetch depends on the chain that each of them serves")
			default:
				r.Skip("%s: %s; `arclint probe %s` shows the chain, then give --evidence", it.Issuer, it.Reason, it.Issuer)
			}
		}
	},
}
