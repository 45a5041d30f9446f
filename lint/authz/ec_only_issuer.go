package authz

import (
	"arclint/internal/access"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/lint"
)

var ecOnlyIssuer = &lint.Rule{
	ID:       "authz/ec-only-issuer",
	Title:    "An issuer signs with keys that this release cannot read",
	Why:      "ARC 6.17 reads RSA keys only. It refuses every token of an issuer that publishes nothing but EC keys. ARC 7 reads EC keys on P-256.",
	Source:   "arc-behaviour I4; issuers.tsv, the source and date of the entry",
	Impact:   lint.Outage,
	Facts:    []string{"I4"},
	Severity: lint.Error,
	Action:   "Upgrade to ARC 7, or admit the members of the VO by certificate until then.",
	Where:    func(r site.Release) bool { return !r.ECKeys },
	Recipe:   lint.Manual,
	ByHand: `Upgrade to ARC 7, which reads EC keys on the curve P-256: ARC 6 has no option
for it. Look first at what the upgrade changes:

    arclint check --target 7.2.0

If the VO has an issuer with RSA keys, name that one as well. If the VO gives
VOMS attributes, admit its members by certificate until the upgrade:

    [authgroup:dune]
    voms=dune * * *

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		known := issuers.Known()
		for _, n := range namedIssuers(access.Model(s)) {
			if issuer, ok := known.Lookup(n.Text); ok && issuer.ECOnly() {
				r.At(n.Span, "issuer %s had no RSA key on %s", n.Text, issuer.Date).
					Means("Its keys were %s. ARC 6 reads no EC keys and refuses every one of its tokens.", issuer.Keys).About(n.Text)
			}
		}
	},
}
