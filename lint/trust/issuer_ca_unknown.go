package trust

import (
	"strings"

	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var issuerCAUnknown = &lint.Rule{
	ID:    "trust/issuer-ca-unknown",
	Title: "It is not known whether the CE accepts the certificate of a token issuer's server",
	Why: "Whether ARC can fetch the issuer's keys depends on the chain that the issuer's server sends, and no file of the site shows it. " +
		"Where only some roots of the issuer's CA are installed, it depends on the root in use today, and may change with the next certificate. " +
		"`arclint probe ISSUER` writes the chain as evidence; `arclint check --evidence DIR` then gives a verdict.",
	Source:   "arc-behaviour D1, D5, S10",
	Impact:   lint.Outage,
	Facts:    []string{"D5"},
	Severity: lint.Note,
	Recipe:   lint.Manual,
	ByHand: `Ask the issuer what it serves, and judge the site with the answer:

    arclint probe --write ./evidence https://vo.example.org
    arclint trust --evidence ./evidence
    arclint check --evidence ./evidence

Send the evidence to the CE, if it was written on another host: it holds no
secrets. If the CE refuses the issuer, run the recipe that check names then.`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, it := range trust.Issuers(s) {
			switch {
			case it.KeyFetch != trust.FetchUnknown || isHTTP(it.Issuer):
			case it.Issuer == "*":
				r.Skip("a rule admits tokens of any issuer (*): whether this CE can fetch the keys of one depends on the chain that its server sends")
			case it.ChainFrom == trust.FromRegistry:
				at(s, r, it, "it is not known whether tokens of %s are accepted", it.Issuer).
					Means("The CA of its server is %s. Only some of its roots are here. Under another root, ARC cannot fetch the issuer's keys.", knownCA(it.Issuer)).
					Do("Get the chain that the server sends with `%s`, and give it to check as --evidence.", probing(it.Issuer))
			default:
				r.Skip("%s: %s; `%s` shows the chain, then give --evidence", it.Issuer, it.Reason, probing(it.Issuer))
			}
		}
	},
}

// probing is the command that shows the chain of an issuer. One that a shell would
// read in another way is not written into it: the name comes from arc.conf.
func probing(issuer string) string {
	if strings.ContainsFunc(issuer, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-._/:%", r))
	}) {
		issuer = "ISSUER"
	}
	return "arclint probe " + issuer
}
