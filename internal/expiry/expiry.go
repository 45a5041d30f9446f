// Package expiry lists what of a site ends by itself, and who is shut out then:
// certificates, CRLs, and keys that carry a date. It does no I/O, reads no clock,
// and finds no faults: that is for the rules.
package expiry

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"time"

	"arclint/internal/site"
)

// Kind is a kind of thing that ends.
type Kind string

// The kinds.
const (
	HostCertificate Kind = "host-certificate"
	HostChain       Kind = "host-chain" // a CA that the CE sends with its certificate
	Anchor          Kind = "anchor"
	CRL             Kind = "crl"
	VOMSCertificate Kind = "voms-certificate"
	PinnedKey       Kind = "pinned-key"
	Evidence        Kind = "evidence"
)

// Bundle is a set of CAs that somebody else keeps.
type Bundle string

// The bundles.
const (
	NoBundle Bundle = ""
	IGTF     Bundle = "igtf"
	System   Bundle = "system" // the CAs of the operating system
)

// Item is one thing that ends.
type Item struct {
	Ends    time.Time
	Kind    Kind
	Name    string // a one-line subject, or a URL
	Path    string
	ShutOut bool   // somebody is, then
	Who     string // who, or why nobody
	Bundle  Bundle // of the CA
	id      []byte // tells it from others of its kind, name and path
}

// Endless is what carries no date, and why that matters.
type Endless struct {
	Kind            Kind
	Name, Path, Why string
}

// Unread is what could not be read, so that what ends there is not known.
type Unread struct{ Path, Reason string }

// Report is all that ends, in the order of the dates.
type Report struct {
	Now     time.Time
	Items   []Item
	Endless []Endless
	Unread  []Unread
}

// Of reads the dates of a site.
func Of(s *site.Site) Report {
	r := reading{site: s, told: map[string]bool{}, issuers: map[string][]string{}}
	r.Now = s.Now
	r.addHost()
	p := placesOf(s)
	r.addAnchors(p)
	r.addCRLs(p)
	r.addVOMS()
	r.addPinned()
	r.addEvidence()
	r.addKeySets()
	for _, p := range s.Problems {
		r.unread(p.Path, p.Reason)
	}
	slices.SortStableFunc(r.Items, func(a, b Item) int {
		return cmp.Or(a.Ends.Compare(b.Ends), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Path, b.Path), bytes.Compare(a.id, b.id))
	})
	return r.Report
}

// reading is a Report in the making.
type reading struct {
	Report
	site    *site.Site
	told    map[string]bool     // the paths that are among Unread
	issuers map[string][]string // whose keys the CE fetches, by the name of the CA
}

// Within leaves what ends within the time from now on, and what has ended.
func (r Report) Within(span time.Duration) Report {
	limit := r.Now.Add(span)
	r.Items = slices.DeleteFunc(slices.Clone(r.Items), func(i Item) bool { return i.Ends.After(limit) })
	return r
}

// Ended says whether the item has ended.
func (r Report) Ended(i Item) bool { return i.Ends.Before(r.Now) }

// maxUnread is how many paths are listed; how many more there are, the last line says.
const maxUnread = 1000

// unread notes each path once.
func (r *reading) unread(path, reason string) {
	if r.told[path] {
		return
	}
	r.told[path] = true
	if n := len(r.told) - maxUnread; n > 0 {
		r.Unread = append(r.Unread[:maxUnread], Unread{path, fmt.Sprintf("left out of this list: %d paths, to this one", n)})
		return
	}
	r.Unread = append(r.Unread, Unread{path, reason})
}
