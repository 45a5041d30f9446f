package admission

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/access"
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
	Store   string // why it is not known which CAs come or go, "" where it is
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
	NotKnown      string // on what an answer hangs that only one of the sites knows; else ""
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
func (c Comparison) Same() bool {
	return c.Unknown == "" && c.Store == "" && len(c.Changes)+len(c.CAs) == 0
}

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
	c.CAs, c.Store = compareCAs(before, after), compareStores(before, after)
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
	all := append(strangers(before), combined(before, slices.Concat(was.Doors, is.Doors))...)
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

func (c *Comparison) ask(before, after *site.Site, who client) {
	c.Asked++
	var was, is Answer
	var shown string
	for n, op := range threeOperations() {
		p, proof := who.shows(op)
		if n == 0 || proof.Claims != shown || scoped(before, p) || scoped(after, p) {
			was, is = outcome(before, p, op), outcome(after, p, op)
		}
		shown = proof.Claims
		was.Operation, is.Operation = op, op
		then, now := outcomeOf(was), outcomeOf(is)
		var hangs string
		switch {
		case presumes(was, is):
			then, hangs = notKnown, was.Presumed
		case presumes(is, was):
			now, hangs = notKnown, is.Presumed
		}
		if then == now {
			continue
		}
		c.Changes = append(c.Changes, Change{
			Who: who.who, Issuer: who.issuer, Proof: proof, Operation: op,
			Before: then, After: now, Why: is.Reason, NotKnown: hangs,
		})
		return
	}
}

func threeOperations() []access.Operation {
	return []access.Operation{access.JobCreate, access.JobInfo, access.JobCancel}
}

// scoped says whether one operation of a person may have another answer than the
// others, but for the queues: it needs a scope of the token.
func scoped(s *site.Site, p Person) bool {
	needs := func(op access.Operation) bool { return len(access.Model(s).Required(op)) > 0 }
	return p.Claims != nil && slices.ContainsFunc(threeOperations(), needs)
}

// notKnown is the outcome where something that files do not tell decides.
const notKnown = "unknown"

// presumes says whether a client gets in only by attributes that are taken to count at
// one site alone: the other knows whether they do. What neither knows is the same at both.
func presumes(a, other Answer) bool {
	return a.Allowed && a.Presumed != "" && other.Presumed == "" && slices.ContainsFunc(a.Depends, func(on access.Dependency) bool {
		return on.Kind == access.OnAttributes && on.Taken && shutsOut(on)
	})
}

// outcomeOf is an answer in a few words: with the queues of a new job where not
// all are open, and unknown where something that files do not tell decides.
func outcomeOf(a Answer) string {
	switch {
	case !a.Allowed && slices.ContainsFunc(a.Depends, opensOtherwise):
		return notKnown
	case !a.Allowed || a.Operation != access.JobCreate:
		return a.Outcome()
	case a.Closed != "":
		return "deny (" + a.Closed + ")"
	case !a.Submits():
		return "deny (no queue is open)"
	case a.Queues.OpenCount() < a.Queues.Len():
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

// compareStores says so where one of the sites trusts clients of the CAs in the
// host's own store, by x509_cert_policy, and a copy does not hold that store.
func compareStores(before, after *site.Site) string {
	was, is := trust.StoreUnknown(before, trust.Client), trust.StoreUnknown(after, trust.Client)
	const store = "x509_cert_policy makes the CAs of the host's own store count for clients, which this copy of the site does not hold: certificates of public CAs"
	switch {
	case is && !was:
		return "afterwards " + store + " may be let in"
	case was && !is:
		return "before " + store + " may be shut out"
	}
	return ""
}
