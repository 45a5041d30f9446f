//go:build lab

package lab_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"arclint/internal/lab"
	"arclint/internal/live"
)

// suiteRuns are the answers to the negative cases that a CE and its files both
// give, by release and site.
type suiteRuns struct {
	roll
	mu sync.Mutex
	of map[string]map[string]map[string]string
}

func newSuiteRuns() *suiteRuns {
	return &suiteRuns{of: map[string]map[string]map[string]string{}}
}

func (a *suiteRuns) add(release, site string, answers map[string]string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of[release] == nil {
		a.of[release] = map[string]map[string]string{}
	}
	a.of[release][site] = answers
}

func (a *suiteRuns) compare(t *testing.T) {
	if a.whole(t) {
		compareSection(t, "The negative suite", a.section())
	}
}

func (a *suiteRuns) section() string {
	var b strings.Builder
	b.WriteString(a.line() + "\n")
	b.WriteString("`arclint negtest --ce URL --test-issuer` asks CEs that its own script has prepared, and the rollback restores every byte. The rules beside those of the throw-away issuer let in one person (careful) or every token (careless). ")
	b.WriteString("Of the cases that files answer too, `arclint negtest --static --operation jobinfo` gives the same answers. The table has those cases only.\n\n")
	b.WriteString("| site | cases | let in by ARC | which |\n|---|---|---|---|\n")
	for _, site := range slices.Sorted(maps.Keys(guarded)) {
		cases, by := a.letIn(site)
		for _, releases := range slices.Sorted(maps.Keys(by)) {
			fmt.Fprintf(&b, "| %s | %d | %s | %s |\n", site, cases, releases, strings.Join(by[releases], " "))
		}
	}
	return b.String()
}

// letIn counts the cases of a site, and lists those that were let in by the
// releases that did so.
func (a *suiteRuns) letIn(site string) (cases int, by map[string][]string) {
	of := map[string][]string{}
	for _, s := range lab.Suites() {
		answers := a.of[s.Measured][site]
		cases = max(cases, len(answers))
		for id, outcome := range answers {
			if outcome == string(live.LetIn) {
				of[id] = append(of[id], s.Measured)
			}
		}
	}
	by = map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(of)) {
		releases := strings.Join(of[id], ", ")
		by[releases] = append(by[releases], id)
	}
	return cases, by
}
