package authz

import (
	"encoding/json"
	"fmt"
	"strings"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

// openDoors are the ways into the site, each with a client for whom access was
// worked out, by the rule that lets it in. A client whom another rule takes
// first tells nothing about this one and is left out, as are members of a VO of
// which vomsdir knows no server. Issuers whose keys cannot be fetched stay in:
// that is repaired by a recipe, and then their tokens get in.
func openDoors(s *site.Site, r *lint.Reporter) []admission.Door {
	var open []admission.Door
	who := admission.Doors(s)
	if who.More {
		r.Skip("there are more ways in than the %d that were worked out", len(who.Doors))
	}
	for _, d := range who.Doors {
		shut := d.Barred() && d.Issuer == ""
		if d.Decision.Allowed && !shut && !d.Beside() {
			open = append(open, d)
		}
	}
	return open
}

// proofOf writes the client of a door as a person can hand it to arclint
// whoami. Its times are left out: ARC takes a token without them (arc-behaviour
// A9), and a report of tomorrow reads the same.
func proofOf(d admission.Door) string {
	switch {
	case d.Proof.Claims != "":
		return "token " + timeless(d.Proof.Claims)
	case len(d.Proof.FQANs) > 0:
		return fmt.Sprintf("certificate %s, attribute %s", d.Proof.Subject, strings.Join(d.Proof.FQANs, " "))
	case d.Proof.Subject != "":
		return "certificate " + d.Proof.Subject
	}
	return "nothing"
}

func timeless(claims string) string {
	var c map[string]any
	if json.Unmarshal([]byte(claims), &c) != nil {
		return claims
	}
	for _, name := range []string{"exp", "nbf", "iat"} {
		delete(c, name)
	}
	data, err := json.Marshal(c)
	if err != nil {
		return claims
	}
	return string(data)
}

// mapLineOf is the line of [mapping] that gave the client of a door its account,
// nil where none is known.
func mapLineOf(p *access.Policy, d admission.Door) *authgroup.MapRule {
	for _, step := range d.Decision.Because {
		for _, m := range p.Mapping.Rules {
			if step.At == m.Option.Line {
				return m
			}
		}
	}
	return nil
}
