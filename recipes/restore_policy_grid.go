package recipes

import (
	"arclint/internal/site"
)

var restorePolicyGrid = Recipe{
	ID:    "restore-policy-grid",
	Title: "set x509_cert_policy back to grid",
	Keys:  []string{accessKey},
	Where: func(r site.Release) bool { return r.CertPolicy.Known() },
	Plan:  planRestorePolicyGrid,
	Can:   always, // it is for the whole site, and its plan says
}

// planRestorePolicyGrid: any other value, and a second one, opens the CE to
// public CAs or breaks it for the grid's (arc-behaviour C9, H4).
func planRestorePolicyGrid(s *site.Site, _ Params) (Plan, error) {
	options := s.Conf.Block("common").All("x509_cert_policy")
	if len(options) == 0 || len(options) == 1 && options[0].Value.Text == "grid" {
		return Plan{}, ErrNothing
	}
	edit, err := editsOfOneFile(setOption(options, "x509_cert_policy=grid"))
	if err != nil {
		return Plan{}, err
	}
	return Plan{
		Meant: Meant{CAs: true},
		Why: "With x509_cert_policy=any the CE accepts client certificates of every public CA (arc-behaviour H4); any value but exactly `grid` refuses those of the grid's CAs (C9). " +
			"Only with grid are clients checked against x509_cert_dir alone.",
		Actions:  []Action{edit, restartAll()},
		Restarts: []string{arex, arexWS},
		Notes:    []string{"If the value stood there to make the CE accept a token issuer, use the recipe trust-issuer for that issuer first."},
	}, nil
}
