package admission

import (
	"slices"
	"strings"
	"sync"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
)

// client is who is asked about, with what is shown for an operation.
type client struct {
	who, issuer string
	shows       func(access.Operation) (Person, Proof)
}

// clientOf is the client of a door. The key is the same for equal ones.
func clientOf(d Door) (c client, key string) {
	key = strings.Join(append([]string{d.Proof.Subject, d.Submit.Claims, d.Read.Claims, d.Cancel.Claims}, d.Proof.FQANs...), "\n")
	last, shown := Person{}, ""
	return client{who: d.Who, issuer: d.Issuer, shows: func(op access.Operation) (Person, Proof) {
		right := d.Submit
		switch op {
		case access.JobInfo:
			right = d.Read
		case access.JobCancel:
			right = d.Cancel
		}
		proof := Proof{Claims: right.Claims, Subject: d.Proof.Subject, FQANs: d.Proof.FQANs}
		if last.Claims == nil || right.Claims != shown {
			last, shown = personOf(proof), right.Claims
		}
		return last, proof
	}}, key
}

// excluded are clients whom rules with the signs - and ! are about: no way in
// shows them.
func excluded(s *site.Site) []client {
	var found []client
	policy := access.Model(s)
	for _, g := range policy.Groups {
		for _, r := range g.Rules {
			if !r.Negative && !r.Inverted {
				continue
			}
			for _, proof := range matching(s, r) {
				if len(found) == policy.Within(2000, 10, 50) {
					return found
				}
				found = append(found, clientWith("whom "+lineOf(r)+" is about", "", proof.Proof))
			}
		}
	}
	return found
}

// clientWith shows the same for every operation.
func clientWith(who, issuer string, proof Proof) client {
	person := sync.OnceValue(func() Person { return personOf(proof) })
	return client{who: who, issuer: issuer, shows: func(access.Operation) (Person, Proof) { return person(), proof }}
}

func lineOf(r *authgroup.Rule) string { return strings.TrimSpace(r.Option.Line.Text()) }

// matching are clients whom the test of a rule matches, whatever the rule does
// with them: each as a door of that rule. Of a list it is the first subject of a
// certificate and the first of a token.
func matching(s *site.Site, r *authgroup.Rule) []Door {
	switch t := r.Test.(type) {
	case *authgroup.Tokens:
		if t.Missing == "" {
			return []Door{doorOf(s, r, fromTokens(s, t), t.Issuer.Text)}
		}
	case *authgroup.Expression:
		var doors []Door
		for _, way := range t.Ways() {
			doors = append(doors, doorOf(s, r, fromWay(s, way), whatIsAsked(way).issuer))
		}
		return doors
	case *authgroup.Subject:
		return firstOf(s, r, []string{t.DN.Text})
	case *authgroup.File:
		for _, m := range s.Maps {
			if m.Path != t.Path.Text || m.Err != nil {
				continue
			}
			return firstOf(s, r, subjectsIn(m))
		}
	case *authgroup.VOMS:
		if t.Sound() {
			return []Door{{Rule: r, Who: whomMatches(r), Proof: Proof{Subject: otherCertName, FQANs: []string{fqanOf(s, t)}}}}
		}
	}
	return nil
}

func whomMatches(r *authgroup.Rule) string { return "whom " + lineOf(r) + " matches" }

// doorOf is a client with a token whom a rule is about.
func doorOf(s *site.Site, r *authgroup.Rule, claims claimSet, issuer string) Door {
	claims = claims.scoped(access.Model(s).Required(access.JobCreate))
	return Door{Rule: r, Who: whomMatches(r), Issuer: issuer, claims: claims, Proof: Proof{Claims: claims.JSON()}}
}

// firstOf are the first certificate and the first token among subjects that somebody
// can have.
func firstOf(s *site.Site, r *authgroup.Rule, subjects []string) []Door {
	var doors []Door
	var certificate, token bool
	for _, dn := range subjects {
		d := subjectDoor(s, r, dn)
		if d.claims == nil && neverOfCertificate(dn) {
			continue
		}
		seen := &certificate
		if d.claims != nil {
			seen = &token
		}
		if !*seen {
			*seen, doors = true, append(doors, d)
		}
		if certificate && token {
			break
		}
	}
	return doors
}

// subjectDoor is who has the subject, by a certificate or by a token.
func subjectDoor(s *site.Site, r *authgroup.Rule, dn string) Door {
	if claims := fromSubject(s, dn); claims != nil {
		issuer, _ := claims["iss"].(string)
		return doorOf(s, r, claims, issuer)
	}
	return Door{Rule: r, Who: dn, Proof: Proof{Subject: dn}}
}

// combined are clients who fit through two ways at once: they tell of rules that
// stand in each other's way. There are not more of them than a site of this size
// has time for.
func combined(s *site.Site, doors []Door) []client {
	var found []client
	left := access.Model(s).Within(2000, 10, 50)
	for i, a := range doors {
		for _, b := range doors[:i] {
			id, claims, ok := both(a, b)
			if !ok {
				continue
			}
			proof := proofFor(id, claims)
			if left--; left < 0 {
				return found
			}
			found = append(found, clientWith(a.Who+", who are also "+b.Who, a.Issuer, proof))
		}
	}
	return found
}

// both is a client for two ways in that ask for the same kind of credential: of one
// issuer, what the one leaves open being as the other wants it; ok is false where
// there is none.
func both(a, b Door) (id access.Identity, claims claimSet, ok bool) {
	if a.Rule == b.Rule || (a.claims == nil) != (b.claims == nil) {
		return id, nil, false
	}
	return together(a, b)
}

// together is a client who has what both ask for: a certificate, a token or both. ok
// is false where nobody has, or where that is nothing more than the first one has.
func together(a, b Door) (id access.Identity, claims claimSet, ok bool) {
	if a.claims != nil && b.claims != nil && a.Issuer != b.Issuer && a.Issuer != "*" && b.Issuer != "*" {
		return id, nil, false
	}
	id = access.Identity{Subject: a.Proof.Subject, FQANs: slices.Clip(a.Proof.FQANs)}
	if (id.Subject == "" || id.Subject == otherCertName) && b.Proof.Subject != "" {
		id.Subject = b.Proof.Subject
	}
	for _, fqan := range b.Proof.FQANs {
		if !slices.Contains(id.FQANs, fqan) {
			id.FQANs = append(id.FQANs, fqan)
		}
	}
	claims = b.claims
	if a.claims != nil {
		claims = a.claims.joined(b.claims)
	}
	return id, claims, claims != nil || id.Subject != "" && (len(id.FQANs) > len(a.Proof.FQANs) || id.Subject != a.Proof.Subject)
}

// personOf is who shows a proof.
func personOf(p Proof) Person {
	person := Person{Subject: p.Subject, FQANs: p.FQANs}
	if p.Claims != "" {
		claims, err := access.ParseClaims([]byte(p.Claims))
		if err != nil {
			return person // made here: they can be read
		}
		person.Claims = claims
	}
	return person
}
