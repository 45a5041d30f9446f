// Package facts knows the measured facts of docs/arc-behaviour.md: what each
// says, and where a text cites one.
package facts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"arclint/docs"
	"arclint/internal/pattern"
)

// Fact is what was measured of real CEs, under a heading of its own.
type Fact struct {
	ID      string // "S9"
	Title   string // of the heading, without the id
	Section string // title of the section, which says what holds for all its facts
	Text    string // paragraphs of Markdown
}

// Page is the name of the page in docs/, as a link from its neighbours.
const Page = "arc-behaviour.md"

var page = sync.OnceValues(func() (method string, all []Fact) { return parse(docs.Behaviour()) })

// All gives the facts in the order of the page.
func All() []Fact {
	_, all := page()
	return slices.Clone(all)
}

// Method says what was asked of which releases, and what the abbreviations in
// the facts stand for: paragraphs of Markdown.
func Method() string {
	method, _ := page()
	return method
}

// Find gives the fact with an id.
func Find(id string) (Fact, bool) {
	_, all := page()
	at := slices.IndexFunc(all, func(f Fact) bool { return f.ID == id })
	if at < 0 {
		return Fact{}, false
	}
	return all[at], true
}

// Ranges says which ids there are with the letter of id, or, where there are
// none, which there are at all: "S4 to S12".
func Ranges(id string) string {
	_, all := page()
	var ranges, sameLetter []string
	for first := 0; first < len(all); {
		end := first + 1
		for end < len(all) && all[end].ID[0] == all[first].ID[0] {
			end++
		}
		text := all[first].ID + " to " + all[end-1].ID
		ranges = append(ranges, text)
		if id != "" && strings.EqualFold(id[:1], text[:1]) {
			sameLetter = append(sameLetter, text)
		}
		first = end
	}
	if sameLetter != nil {
		ranges = sameLetter
	}
	return strings.Join(ranges, ", ")
}

// Anchor is the fragment of the heading, as the usual hosts of repositories make
// it of a title that holds letters, digits, blanks and hyphens alone.
func (f Fact) Anchor() string {
	return strings.ReplaceAll(strings.ToLower(f.ID+" "+f.Title), " ", "-")
}

// Link gives the id as a link of Markdown for a page in docs/. An id that is none
// stays as it is.
func Link(id string) string {
	f, ok := Find(id)
	if !ok {
		return id
	}
	return fmt.Sprintf("[%s](%s#%s)", id, Page, f.Anchor())
}

const (
	idForm = `[A-Z][0-9]{1,2}`
	joined = `(?:, | and | or | to |-)`
)

var (
	oneID     = pattern.OnDemand(`\b` + idForm + `\b`)
	idOrSpan  = pattern.OnDemand(`\b(` + idForm + `)(?:(?: to |-)(` + idForm + `))?\b`)
	citations = pattern.OnDemand(`\barc-behaviour ` + idForm + `\b(?:` + joined + idForm + `\b)*`)
)

// Linked is a text for a page in docs/, in which each fact that it cites
// ("arc-behaviour S9, D9") is a link.
func Linked(text string) string {
	return citations().ReplaceAllStringFunc(text, func(cited string) string { return oneID().ReplaceAllStringFunc(cited, Link) })
}

// Cited gives the ids that a text cites, with those between the ends of "H1 to
// H4". They are taken as they are written: there may be no such fact.
func Cited(text string) []string {
	var ids []string
	for _, cited := range citations().FindAllString(text, -1) {
		for _, m := range idOrSpan().FindAllStringSubmatch(cited, -1) {
			ids = append(ids, upTo(m[1], m[2])...)
		}
	}
	return ids
}

// upTo gives the ids from the first to the last, or the first alone where there
// is no last.
func upTo(first, last string) []string {
	ids := []string{first}
	if last == "" {
		return ids
	}
	from, errFrom := strconv.Atoi(first[1:])
	to, errTo := strconv.Atoi(last[1:])
	if errFrom != nil || errTo != nil || first[0] != last[0] {
		return append(ids, last)
	}
	for n := from + 1; n <= to; n++ {
		ids = append(ids, first[:1]+strconv.Itoa(n))
	}
	return ids
}

var (
	asked      = pattern.OnDemand(`^(?:arc-behaviour )?([A-Za-z][0-9]{1,3})$`)
	askedCheck = pattern.OnDemand(`^(?:arc-checks )?b[0-9]+\.[0-9]+$|^arc-checks `)
)

// IDOf gives the id in what somebody asks for, alone or as sources cite it: "S9"
// or "arc-behaviour S9".
func IDOf(text string) (string, bool) {
	m := asked().FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return strings.ToUpper(m[1]), true
}

// IsCheck says whether a text cites ARC's own checks, "arc-checks b2.5", of whose
// sources there is no page here.
func IsCheck(text string) bool { return askedCheck().MatchString(text) }
