package authz

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/lint"
)

var issuerRetired = &lint.Rule{
	ID:    "authz/issuer-retired",
	Title: "A rule names an issuer that was replaced",
	Why: "The sources call this issuer retired or a legacy. Tokens that clients get today come from its successor and do not match. " +
		"A name that nobody watches any more is one that somebody else may get.",
	Source:   "issuers.tsv, the source and date of the entry",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `Write a second rule with the issuer that the VO's tokens have today, and leave
the other fields as they are:

    [authgroup:dune]
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

See that the CE can fetch the keys of the new issuer:

    arclint trust

Remove the old rule once no client has tokens of the old issuer.

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		known := issuers.Known()
		named := namedIssuers(access.Model(s))
		for _, n := range named {
			old, listed := known.Lookup(n.Text)
			like := nearIssuers(s)[n.Text]
			near, difference := like.issuer, like.difference
			switch {
			case difference != issuers.Generation && !(listed && old.Superseded()):
				continue
			case difference != issuers.Generation:
				r.At(n.Span, "issuer %s is %s", n.Text, old.Status).
					Means("Tokens that clients get today come from its successor and do not match. Source: %s, %s.", old.Source, old.Date).
					Do("Ask the VO for the issuer of its tokens, and add a rule with it.").About(n.Text)
			case slices.ContainsFunc(named, func(o authgroup.Issuer) bool { return o.Text == near.URL }):
				r.At(n.Span, "issuer %s was replaced by %s", n.Text, near.URL).
					Means("arc.conf names both. A name that is given up is one that somebody else may get.").
					Do("Remove the rule with the old issuer once no client has its tokens.").
					As(lint.Note).About(n.Text)
			default:
				r.At(n.Span, "issuer %s was replaced by %s", n.Text, near.URL).
					Means("Tokens of the new one do not match.").Do("Add a rule with the new issuer.").About(n.Text)
			}
		}
	},
}
