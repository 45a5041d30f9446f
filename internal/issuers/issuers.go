// Package issuers holds what is known of the token issuers of the grid and of
// the CAs around them: dated facts with their sources, embedded as tables. It
// also names the files in which a user hands over the chain that an issuer
// serves. It reads no site and asks no server (package probe does).
//
// The tables in data are written by the command in gen. What their sources do
// not tell is "unknown" and stays so.
package issuers

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// Status is how the sources speak of an issuer.
type Status string

// The values of Status.
const (
	Production    Status = "production"
	Test          Status = "test"
	Legacy        Status = "legacy"  // still named by some source, no longer by others
	Retired       Status = "retired" // a source says so
	StatusUnknown Status = "unknown"
)

// Answer is yes, no or unknown.
type Answer string

// The values of Answer.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// unknownValue stands in text columns for what no source tells.
const unknownValue = "unknown"

// Issuer is one row of the registry. Text that no source tells is "unknown".
type Issuer struct {
	URL      string // the iss claim, byte for byte
	VO       string
	Software string
	JWKS     string // jwks_uri
	TLSRoot  string // the CA of its web certificate, with who says so; see KnownRoots
	IGTF     Answer // whether that CA is an IGTF trust anchor
	Status   Status
	Keys     string // its signing keys when last seen, "2x RS256, 3x ES256"; "" where not seen
	Source   string
	Date     string // of the source: 2006-01-02, "before 2006-01" or "undated"
	Notes    string

	ReplacedBy string // URL of the issuer that took its place, "" if none is known
	Open       bool   // hands tokens to anybody: authorise it nowhere
	Inferred   bool   // URL inferred from a host name; nobody saw it as iss
}

// ECOnly reports that the key set, when last seen, had keys and none of them
// was RSA. ARC 6.17 reads no EC keys (arc-behaviour I4).
func (i Issuer) ECOnly() bool { return i.Keys != "" && !strings.Contains(i.Keys, "RS") }

// Superseded reports that the sources call the issuer legacy or retired.
func (i Issuer) Superseded() bool { return i.Status == Legacy || i.Status == Retired }

// Registry is a list of issuers. The zero value knows none.
type Registry struct {
	issuers []Issuer
	byURL   map[string]int
	plain   []string // the URLs of the issuers as nearest compares them
}

// newRegistry makes a registry. Of two issuers with the same URL the first counts.
func newRegistry(list []Issuer) Registry {
	r := Registry{issuers: slices.Clone(list), byURL: map[string]int{}}
	for i, issuer := range r.issuers {
		r.plain = append(r.plain, plain(issuer.URL))
		if _, ok := r.byURL[issuer.URL]; !ok {
			r.byURL[issuer.URL] = i
		}
	}
	return r
}

// Lookup finds the issuer with exactly this URL, as ARC compares it
// (arc-behaviour A3).
func (r Registry) Lookup(url string) (Issuer, bool) {
	i, ok := r.byURL[url]
	if !ok {
		return Issuer{}, false
	}
	return r.issuers[i], true
}

// All lists the issuers, in the order of the table.
func (r Registry) All() []Issuer { return slices.Clone(r.issuers) }

//go:embed data/issuers.tsv
var issuersTSV string

// Known is the embedded registry.
func Known() Registry { return known() }

var known = sync.OnceValue(func() Registry {
	var list []Issuer
	for _, row := range rows(issuersTSV, "url vo software jwks tls_root igtf status keys replaced_by open inferred source date notes") {
		list = append(list, Issuer{
			URL: row[0], VO: row[1], Software: row[2], JWKS: row[3], TLSRoot: row[4],
			IGTF: Answer(row[5]), Status: Status(row[6]), Keys: row[7], ReplacedBy: row[8],
			Open: row[9] == string(Yes), Inferred: row[10] == string(Yes),
			Source: row[11], Date: row[12], Notes: row[13],
		})
	}
	return newRegistry(list)
})
