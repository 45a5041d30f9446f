package catalog_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"arclint/fixtures"
	"arclint/lint"
)

var (
	oneSeed  = flag.Uint64("one-answer-seed", 1, "which sites TestOneAnswer draws")
	oneSites = flag.Int("one-answer-sites", 500, "how many sites TestOneAnswer draws for each release at least, a tenth with the race detector")
)

// TestOneAnswer: check, access, trust, whoami and negtest say the same of a
// site. Sites are drawn, and all fixtures are added. What contradicts is told by
// its kind, with the smallest site on which it was met.
func TestOneAnswer(t *testing.T) {
	var all tally
	t.Run("sites", func(t *testing.T) {
		for _, release := range fixtures.Versions() {
			t.Run(release, func(t *testing.T) {
				t.Parallel()
				all.holdAgainst(t, drawn(t, release, *oneSites/rarer))
			})
		}
		t.Run("fixtures", func(t *testing.T) {
			t.Parallel()
			all.holdAgainst(t, kept(t))
		})
	})
	all.report(t)
}

// unmended are the kinds of contradictions that are known and to be mended. A
// kind that is mended leaves this list.
var unmended []string

// tally counts contradictions, and keeps the smallest site for each kind.
type tally struct {
	mu    sync.Mutex
	sites int
	asked counts
	kinds map[string]int
	first map[string]met
}

// met is a contradiction and where it was met.
type met struct {
	candidate
	contradiction
}

// counts is how much was compared.
type counts struct{ findings, doors, proofs, issuers, visitors, members, plans, decisions, comparedWho int }

func (c *counts) add(d counts) {
	c.findings += d.findings
	c.doors += d.doors
	c.proofs += d.proofs
	c.issuers += d.issuers
	c.visitors += d.visitors
	c.members += d.members
	c.plans += d.plans
	c.decisions += d.decisions
	c.comparedWho += d.comparedWho
}

// contradiction is two answers of which one must be wrong.
type contradiction struct{ kind, text string }

func (a *tally) holdAgainst(t *testing.T, sites []candidate) {
	t.Helper()
	for _, c := range sites {
		found, asked := contradictions(t, c)
		a.mu.Lock()
		a.sites++
		a.asked.add(asked)
		if a.kinds == nil {
			a.kinds, a.first = map[string]int{}, map[string]met{}
		}
		for _, f := range found {
			if a.kinds[f.kind]++; a.kinds[f.kind] == 1 {
				a.first[f.kind] = met{c, f}
			}
		}
		a.mu.Unlock()
	}
}

func (a *tally) report(t *testing.T) {
	t.Helper()
	t.Logf("seed %d: %d sites, %d findings that say who is kept out or let in, %d ways in, %d proofs asked again, %d issuers, %d visitors, %d with VOMS attributes; %d plans of recipes of which %d ask who may get in, %d clients before and after",
		*oneSeed, a.sites, a.asked.findings, a.asked.doors, a.asked.proofs, a.asked.issuers, a.asked.visitors, a.asked.members,
		a.asked.plans, a.asked.decisions, a.asked.comparedWho)
	if a.asked.members == 0 {
		t.Error("no visitor shows VOMS attributes")
	}
	for _, kind := range slices.Sorted(maps.Keys(a.kinds)) {
		if slices.Contains(unmended, kind) {
			t.Logf("%s: %d times, which is known and not mended yet", kind, a.kinds[kind])
			continue
		}
		t.Errorf("%s: %d times, such as\n%s", kind, a.kinds[kind], shrunk(t, a.first[kind].candidate, a.first[kind].contradiction))
	}
}

// shrunk is the contradiction with the smallest site on which it is still there.
func shrunk(t *testing.T, c candidate, f contradiction) string {
	t.Helper()
	for again := true; again && c.simpler != nil; {
		again = false
		for _, smaller := range c.simpler() {
			found, _ := contradictions(t, smaller)
			at := slices.IndexFunc(found, func(o contradiction) bool { return o.kind == f.kind })
			if at >= 0 {
				c, f, again = smaller, found[at], true
				break
			}
		}
	}
	return f.text + "\n" + c.describe()
}

// contradictions holds all answers about a site against each other.
func contradictions(t *testing.T, c candidate) ([]contradiction, counts) {
	t.Helper()
	s := c.load(t)
	q := newQuestions(t, c, s)
	for _, f := range q.found.Findings {
		if f.Rule == lint.PanicRule {
			q.contradict("a rule failed", "%s", f.Message())
		}
	}
	q.deadRules()
	q.closedDoors()
	q.issuers()
	q.proofs()
	q.recipesKeep()
	return q.contradictions, q.counts
}

func (q *questions) contradict(kind, format string, args ...any) {
	q.contradictions = append(q.contradictions, contradiction{kind, fmt.Sprintf(format, args...)})
}

func indented(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ")
}
