package recipes

import (
	"arclint/internal/site"
)

var refreshCRLs = Recipe{
	ID:    "refresh-crls",
	Title: "fetch the certificate revocation lists again and keep them fresh",
	Plan:  planRefreshCRLs,
	Can:   always,
}

func planRefreshCRLs(s *site.Site, _ Params) (Plan, error) {
	plan := Plan{
		Why: "An expired CRL refuses every certificate of its CA, and a missing one lets revoked certificates in without a word (arc-behaviour D9, S9).",
		Actions: []Action{
			Run{Argv: []string{"fetch-crl", "--quiet"}, Why: "fetch the CRL of every CA that names one", Expect: "a fresh HASH.r0 for each CA in " + site.GridCADir + "; it says which it could not fetch"},
		},
		Verify: []Check{Fresh{site.GridCADir}},
		Notes: []string{
			"fetch-crl reads where to fetch from each CA's .info or .crl_url file; a CA without either has no CRL and gets none.",
			"The files that fetch-crl writes are not restored by a rollback: an old CRL is of no use.",
		},
	}
	if s.Renewal.Found == "" { // Debian's package brings the timer and does not enable it
		plan.Actions = append(plan.Actions, Enable{Unit: "fetch-crl.timer"})
	} else {
		plan.Notes = append(plan.Notes, s.Renewal.Found+" runs fetch-crl already, or what takes its place; see that it does.")
	}
	return plan, nil
}
