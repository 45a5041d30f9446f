package authz

import (
	"arclint/internal/access"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/lint"
)

var demoIssuer = &lint.Rule{
	ID:    "authz/demo-issuer",
	Title: "A rule admits tokens of a demonstration or test issuer",
	Why: "A demonstration issuer gives everybody who asks a token, with the subject and the scopes that they ask for. Instructions for setting up a CE use one for a first test, " +
		"and the line then stays. A test issuer is not run with the care of a production service.",
	Source:   "issuers.tsv, the source and date of the entry",
	Impact:   lint.Intrusion,
	Risk:     lint.Critical,
	Severity: lint.Error,
	Recipe:   lint.Manual,
	ByHand: `Remove the rule, and with it the pinned keys of that issuer. If the VO has an
issuer of its own, name that one, with this CE as the audience:

    [authgroup:dune]
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

See that the list of issuers is the one that is meant:

    arclint trust

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		known := issuers.Known()
		for _, n := range namedIssuers(access.Model(s)) {
			issuer, listed := known.Lookup(n.Text)
			switch {
			case !listed || n.Rule.Negative:
			case issuer.Open:
				r.At(n.Span, "issuer %s gives tokens to everybody", n.Text).
					Means("Whoever asks it for a token is a member of %s.", n.Rule.Group.Name).Do("Remove the rule.").About(n.Text)
			case issuer.Status == issuers.Test:
				r.At(n.Span, "issuer %s is a test issuer (%s)", n.Text, issuer.Date).
					Means("A test issuer is not run with the care of a production service.").Do("Name the production issuer of the VO.").As(lint.Warning).About(n.Text)
			}
		}
	},
}
