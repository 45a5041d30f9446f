package recipes

import (
	"arclint/internal/site"
)

var removeAnchor = Recipe{
	ID:    "remove-anchor",
	Title: "take a CA out of the trust directory",
	Keys:  []string{"path", accessKey},
	Plan:  planRemoveAnchor,
}

// planRemoveAnchor removes the CA files that the findings or the argument
// "path" name from the trust directories, under all their names.
func planRemoveAnchor(s *site.Site, p Params) (Plan, error) {
	plan := Plan{
		Meant: Meant{CAs: true},
		Why: "Every file under a hash name is trusted: for the key fetch in " + site.GridCADir + ", for client certificates in the directory that x509_cert_dir names. " +
			"What does not belong there admits clients (arc-behaviour F1, S6) or stands in the way of the CA that does.",
		Notes: []string{
			"If a token issuer's certificate stands under this CA, its keys can no longer be fetched: use trust-issuer with the strategy pin-issuer (7.x) or split-trust instead.",
			"The change counts at once, no restart is needed (arc-behaviour I6); keys that 7.x has fetched go on for up to an hour (I5).",
		},
	}
	wanted, err := someTargets(p)
	if err != nil {
		return Plan{}, err
	}
	if plan.Actions, err = removeCAs(s, wanted); err != nil {
		return Plan{}, err
	}
	return plan, nil
}
