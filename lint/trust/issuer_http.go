package trust

import (
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var issuerHTTP = &lint.Rule{
	ID:    "trust/issuer-http",
	Title: "A token issuer is named with http",
	Why: "ARC fetches the keys of an http issuer, calls them unsafe and refuses every token. If the keys of an http issuer are pinned, ARC accepts its tokens: " +
		"a tokenissuers directory makes the warning go away, not the danger.",
	Source:   "arc-behaviour I1, G3",
	Impact:   lint.Outage,
	Facts:    []string{"I1", "G3"},
	Severity: lint.Error,
	Action:   "Ask the VO for its https issuer, and name that one.",
	Recipe:   lint.Manual,
	ByHand: `Ask the VO for its https issuer, and name that one. If there is none yet, admit
its members by certificate: nothing protects the keys of an http issuer.

    [authgroup:dune]
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

Remove the pinned keys of the http issuer, and restart: they are read at the
start only.

    grep -rl "http://" /var/spool/arc/jobstatus/tokenissuers/*/issuer
    rm -r /var/spool/arc/jobstatus/tokenissuers/NAME

See which issuers are left:

    arclint trust

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, it := range trust.Issuers(s) {
			if !isHTTP(it.Issuer) {
				continue
			}
			if it.KeyFetch == trust.FetchPinned {
				at(s, r, it, "%s is an http issuer, and its keys are pinned", it.Issuer).As(lint.Warning).
					Means("ARC accepts its tokens, and nothing protects the place where these keys came from.").Impacts(lint.Intrusion, lint.Moderate).
					Do("Ask the VO for its https issuer, name that one, and remove the pinned keys.")
				continue
			}
			at(s, r, it, "%s is an http issuer", it.Issuer).Means("ARC fetches its keys, " + keysCalledUnsafe)
		}
	},
}
