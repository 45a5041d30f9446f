package issuers

import (
	"strings"
)

// Difference is how a URL differs from that of a known issuer.
type Difference string

// The values of Difference.
const (
	None          Difference = ""               // the URL is known, or like none that is
	TrailingSlash Difference = "trailing slash" // only that
	LetterCase    Difference = "letter case"    // only that
	Scheme        Difference = "scheme"         // http for https, or none at all
	Port          Difference = "port"           // the default port is written out
	Generation    Difference = "generation"     // names an older service of the same VO
	Spelling      Difference = "spelling"       // at most two edits, or several of the above
)

// maxURL bounds what Near compares: a longer URL is like none.
const maxURL = 512

// maxEdits is how many edits still count as a spelling mistake.
const maxEdits = 2

// Near finds the known issuer that a URL was probably meant to name, for
// "did you mean". A URL that is known has no Difference, except that of a
// replaced issuer: the issuer that took its place comes back, with Generation.
func (r Registry) Near(url string) (Issuer, Difference) {
	if exact, ok := r.Lookup(url); ok {
		next, ok := r.Lookup(exact.ReplacedBy)
		if !ok {
			return Issuer{}, None
		}
		return next, Generation
	}
	if len(url) > maxURL {
		return Issuer{}, None
	}
	for _, issuer := range r.issuers {
		if d := oneDifference(url, issuer.URL); d != None {
			return issuer, d
		}
	}
	for _, issuer := range r.issuers {
		if earlierGeneration(url, issuer.URL) {
			return issuer, Generation
		}
	}
	return r.nearest(url)
}

// oneDifference names the only way in which two different URLs differ.
func oneDifference(url, known string) Difference {
	switch {
	case strings.TrimSuffix(url, "/") == strings.TrimSuffix(known, "/"):
		return TrailingSlash
	case strings.EqualFold(url, known):
		return LetterCase
	case withoutScheme(url) == withoutScheme(known):
		return Scheme
	case strings.HasPrefix(url, "https://") && withoutPort(url) == known:
		return Port
	default:
		return None
	}
}

func withoutScheme(url string) string {
	for _, scheme := range []string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(url, scheme); ok {
			return rest
		}
	}
	return url
}

func withoutPort(url string) string {
	host, path, ok := strings.Cut(withoutScheme(url), "/")
	if trimmed, cut := strings.CutSuffix(host, ":443"); cut {
		host = trimmed
	}
	if ok {
		path = "/" + path
	}
	return "https://" + host + path
}

// earlierGeneration tells CERN's first INDIGO IAM services (NAME.web.cern.ch)
// from those that replaced them (NAME.cern.ch).
func earlierGeneration(url, known string) bool {
	const first, second = ".web.cern.ch", ".cern.ch"
	before, after, ok := strings.Cut(url, first)
	return ok && strings.TrimSuffix(before+second+after, "/") == strings.TrimSuffix(known, "/")
}

// nearest finds the issuer with the fewest edits between the parts that do
// not matter taken off; the first of the table among equals.
func (r Registry) nearest(url string) (Issuer, Difference) {
	found, fewest := -1, maxEdits+1
	asked := plain(url)
	for i, known := range r.plain {
		if n := edits(asked, known, maxEdits); n < fewest && plausible(asked, known, n) {
			found, fewest = i, n
		}
	}
	if found < 0 {
		return Issuer{}, None
	}
	return r.issuers[found], Spelling
}

// plain is the URL without scheme, default port, capitals and final slash.
func plain(url string) string {
	return strings.TrimSuffix(withoutScheme(withoutPort(strings.ToLower(url))), "/")
}

// plausible refuses edits that make another name of a short one: "dune" is
// not a misspelt "juno". A word must have three letters for each edit.
func plausible(a, b string, n int) bool {
	if n <= 1 {
		return true
	}
	wordsA, wordsB := words(a), words(b)
	if len(wordsA) != len(wordsB) {
		return true
	}
	for i := range wordsA {
		if k := edits(wordsA[i], wordsB[i], n); k > 1 && 3*k > max(len(wordsA[i]), len(wordsB[i])) {
			return false
		}
	}
	return true
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("./-:_", r) })
}

// edits counts the bytes to insert, drop, replace or swap with a neighbour to
// make b of a (optimal string alignment), or limit+1 if they are more.
func edits(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			row[j] = last[j-1]
			if a[i-1] != b[j-1] {
				row[j]++
			}
			row[j] = min(row[j], last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit+1 {
			return limit + 1 // a swap looks two rows back, and takes one edit away at most
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}
