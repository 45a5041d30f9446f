package recipes

import (
	"fmt"

	"arclint/internal/site"
)

var trustIssuer = Recipe{
	ID:     "trust-issuer",
	Title:  "make the CE accept an issuer whose TLS certificate comes from a public CA",
	Keys:   []string{"path", accessKey},
	Issuer: true,
	Plan:   planTrustIssuer,
}

// planTrustIssuer plans the strategy that was asked for, or the safest one that
// the release supports.
func planTrustIssuer(s *site.Site, p Params) (Plan, error) {
	name := p.Strategy
	switch {
	case name != "":
	case p.Issuer == "" && len(rootsAt(s, p)) > 0:
		name = split // a root that stands there already is to be kept from clients
	default:
		name = safest(s.Release)
	}
	for _, r := range []Recipe{pinIssuer, splitTrust, anchorWithPolicy} {
		if r.ID == name {
			return r.Make(s, p)
		}
	}
	return Plan{}, fmt.Errorf("strategy %q is unknown, want %s, %s or %s", name, pin, split, policy)
}
