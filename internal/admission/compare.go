package admission

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
)

// Comparison says who gets into a CE before and after a change.
type Comparison struct {
	Asked   int      // clients who were asked about at both
	Changes []Change // those who are answered otherwise, in the order of the ways in
	CAs     []CAChange
	Unknown string // why nothing was compared, "" where it was
	More    bool   // there are more ways in than were asked about
}

// Change is a client who is answered otherwise than before.
type Change struct {
	Who           string
	Issuer        string // of the token; "" without one
	Proof         Proof
	Operation     access.Operation
	Before, After string // Outcome of the decisions
	Why           string // of the answer after
}

// CAChange is a CA whose clients are trusted after and not before, or the
// reverse.
type CAChange struct {
	Name  string
	Added bool
}

// ShutOut says that the client got in before, and does not.
func (c Change) ShutOut() bool { return getsIn(c.Before) && !getsIn(c.After) }

// LetIn says that the client gets in, and did not before.
func (c Change) LetIn() bool { return !getsIn(c.Before) && getsIn(c.After) }

func getsIn(outcome string) bool { return strings.HasPrefix(outcome, access.AllowAs) }

// Same says that every client was answered as before.
func (c Comparison) Same() bool { return c.Unknown == "" && len(c.Changes)+len(c.CAs) == 0 }

// Compare asks both sites about the client of each way into either of them, and
// about more clients. It tells of the first operation, submission before reading
// and cancelling, at which the answers differ.
func Compare(before, after *site.Site, more ...Person) Comparison {
	was, is := Doors(before), Doors(after)
	c := Comparison{More: was.More || is.More}
	switch {
	case was.Unknown != "":
		c.Unknown = was.Unknown
	case is.Unknown != "":
		c.Unknown = is.Unknown
	case was.Stopped != "":
		c.Unknown = "nobody gets in before: the service does not start: " + was.Stopped
	case is.Stopped != "":
		c.Unknown = "nobody gets in afterwards: the service does not start: " + is.Stopped
	}
	if c.Unknown != "" {
		return c
	}
	c.CAs = compareCAs(before, after)
	seen := map[string]bool{}
	for _, d := range slices.Concat(was.Doors, is.Doors) {
		if client, key := clientOf(d); !seen[key] {
			seen[key] = true
			c.ask(before, after, client)
		}
	}
	for _, p := range slices.Concat(excluded(before), excluded(after)) {
		c.ask(before, after, p)
	}
	all := combined(before, slices.Concat(was.Doors, is.Doors))
	for _, p := range append(all, meeting(before, after)...) {
		told := len(c.Changes)
		if c.ask(before, after, p); len(c.Changes) > told && c.told(c.Changes[told], told) {
			c.Changes = c.Changes[:told]
		}
	}
	for n, p := range more {
		c.ask(before, after, client{who: fmt.Sprintf("client %d", n+1), shows: func(access.Operation) (Person, Proof) {
			return p, Proof{Subject: p.Subject, FQANs: p.FQANs}
		}})
	}
	return c
}

// told says whether one of the first changes is the same for other clients.
func (c *Comparison) told(change Change, first int) bool {
	return slices.ContainsFunc(c.Changes[:first], func(other Change) bool {
		return other.Before == change.Before && other.After == change.After && other.Issuer == change.Issuer
	})
}

// client is who is asked about, with what is shown for an operation.
type client struct {
	who, issuer string
	shows       func(access.Operation) (Person, Proof)
}

// clientOf is the client of a door. The key is the same for equal ones.
func clientOf(d Door) (c client, key string) {
	key = strings.Join(append([]string{d.Proof.Subject, d.Submit.Claims, d.Read.Claims, d.Cancel.Claims}, d.Proof.FQANs...), "\n")
	return client{who: d.Who, issuer: d.Issuer, shows: func(op access.Operation) (Person, Proof) {
		rights := map[access.Operation]Right{access.JobCreate: d.Submit, access.JobInfo: d.Read, access.JobCancel: d.Cancel}
		proof := Proof{Claims: rights[op].Claims, Subject: d.Proof.Subject, FQANs: d.Proof.FQANs}
		return personOf(proof), proof
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
	return client{who: who, issuer: issuer, shows: func(access.Operation) (Person, Proof) { return personOf(proof), proof }}
}

func lineOf(r *authgroup.Rule) string { return strings.TrimSpace(r.Option.Line.Text()) }

// matching are clients whom the test of a rule matches, whatever the rule does
// with them: each as a door of that rule.
func matching(s *site.Site, r *authgroup.Rule) []Door {
	who := "whom " + lineOf(r) + " matches"
	of := func(claims claimSet, issuer string) Door {
		claims = claims.scoped(access.Model(s).Required(access.JobCreate))
		return Door{Rule: r, Who: who, Issuer: issuer, claims: claims, Proof: Proof{Claims: claims.JSON()}}
	}
	switch t := r.Test.(type) {
	case *authgroup.Tokens:
		if t.Missing == "" {
			return []Door{of(fromTokens(s, t), t.Issuer.Text)}
		}
	case *authgroup.Expression:
		var doors []Door
		for _, way := range t.Ways() {
			doors = append(doors, of(fromWay(s, way), whatIsAsked(way).issuer))
		}
		return doors
	case *authgroup.Subject:
		if claims := fromSubject(s, t.DN.Text); claims != nil {
			issuer, _ := claims["iss"].(string)
			return []Door{of(claims, issuer)}
		}
		return []Door{{Rule: r, Who: t.DN.Text, Proof: Proof{Subject: t.DN.Text}}}
	case *authgroup.VOMS:
		if t.Sound() {
			return []Door{{Rule: r, Who: who, Proof: Proof{Subject: otherCertName, FQANs: []string{fqanOf(s, t)}}}}
		}
	}
	return nil
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

// meeting are clients whom two rules match at once, whatever the signs of the
// rules: one of the two is written otherwise before and after. Such clients tell
// of a rule that no way in shows, as another takes the clients of that alone.
func meeting(before, after *site.Site) []client {
	was, is := ruled(before), ruled(after)
	gone := unlike(was, is)
	changed, same := append(gone, unlike(is, was)...), kept(was, gone)
	var found []client
	left, looks := access.Model(before).Within(4000, 20, 100), maxPairs
	for i, a := range changed {
		for _, b := range slices.Concat(changed[:i], same) {
			if looks--; left == 0 || looks < 0 {
				return found
			}
			id, claims, ok := both(a, b)
			if !ok {
				continue
			}
			left--
			proof := proofFor(id, claims)
			issuer := a.Issuer
			if issuer == "*" {
				issuer = b.Issuer
			}
			found = append(found, clientWith(a.Who+" and "+b.Who, issuer, proof))
		}
	}
	return found
}

// maxPairs bounds the pairs of rules that are looked at.
const maxPairs = 10000

// kept are the doors without those that are gone.
func kept(doors, gone []Door) []Door {
	rules := map[*authgroup.Rule]bool{}
	for _, d := range gone {
		rules[d.Rule] = true
	}
	return slices.DeleteFunc(slices.Clone(doors), func(d Door) bool { return rules[d.Rule] })
}

// ruled are clients whom the rules of a site are about, whatever their signs.
func ruled(s *site.Site) []Door {
	var doors []Door
	for _, g := range s.Access.Groups {
		for _, r := range g.Rules {
			doors = append(doors, matching(s, r)...)
		}
	}
	return doors
}

// unlike are the doors of rules that do not stand in the same words among the
// others.
func unlike(doors, others []Door) []Door {
	type line struct{ group, text string }
	there := map[line]bool{}
	for _, d := range others {
		there[line{d.Rule.Group.Name, lineOf(d.Rule)}] = true
	}
	return slices.DeleteFunc(slices.Clone(doors), func(d Door) bool { return there[line{d.Rule.Group.Name, lineOf(d.Rule)}] })
}

// both is a client for two ways in: of one issuer, what the one leaves open being
// as the other wants it; ok is false where there is none.
func both(a, b Door) (id access.Identity, claims claimSet, ok bool) {
	switch {
	case a.Rule == b.Rule || (a.claims == nil) != (b.claims == nil):
		return id, nil, false
	case a.claims == nil:
		id = access.Identity{Subject: a.Proof.Subject, FQANs: slices.Concat(a.Proof.FQANs, b.Proof.FQANs)}
		if id.Subject == otherCertName {
			id.Subject = b.Proof.Subject
		}
		return id, nil, id.Subject != "" && (len(id.FQANs) > 0 || id.Subject != a.Proof.Subject)
	case a.Issuer != b.Issuer && a.Issuer != "*" && b.Issuer != "*":
		return id, nil, false
	}
	return id, a.claims.joined(b.claims), true
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

func (c *Comparison) ask(before, after *site.Site, who client) {
	c.Asked++
	for _, op := range []access.Operation{access.JobCreate, access.JobInfo, access.JobCancel} {
		p, proof := who.shows(op)
		was, is := outcome(before, p, op), outcome(after, p, op)
		if outcomeOf(was) == outcomeOf(is) {
			continue
		}
		c.Changes = append(c.Changes, Change{
			Who: who.who, Issuer: who.issuer, Proof: proof, Operation: op,
			Before: outcomeOf(was), After: outcomeOf(is), Why: is.Reason,
		})
		return
	}
}

// outcomeOf is an answer in a few words: with the queues of a new job where not
// all are open, and unknown where something that files do not tell decides.
func outcomeOf(a Answer) string {
	switch {
	case !a.Allowed && slices.ContainsFunc(a.Depends, opensOtherwise):
		return "unknown"
	case !a.Allowed || a.Operation != access.JobCreate:
		return a.Outcome()
	case a.Closed != "":
		return "deny (" + a.Closed + ")"
	case !a.Submits():
		return "deny (no queue is open)"
	case len(a.Queues.Open()) < a.Queues.Len():
		return a.Outcome() + " in " + a.OpenQueues()
	}
	return a.Outcome()
}

func opensOtherwise(on access.Dependency) bool { return slices.ContainsFunc(on.Otherwise, getsIn) }

// compareCAs are the CAs whose clients are trusted at one of the sites only.
func compareCAs(before, after *site.Site) []CAChange {
	was, is := trust.Anchors(before, trust.Client), trust.Anchors(after, trust.Client)
	var changes []CAChange
	add := func(from, without []*gridsec.Certificate, added bool) {
		for _, ca := range from {
			same := func(other *gridsec.Certificate) bool { return string(other.Raw) == string(ca.Raw) }
			if !slices.ContainsFunc(without, same) {
				changes = append(changes, CAChange{Name: ca.SubjectName, Added: added})
			}
		}
	}
	add(was, is, false)
	add(is, was, true)
	return changes
}
