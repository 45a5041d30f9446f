//go:build lab

package lab_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"arclint/fixtures/policies"
	"arclint/internal/lab"
)

// visit counts what came of the pairs of one release.
type visit struct {
	pairs    int
	policies int
	stopped  int            // configurations with which the CE does not start
	letIn    map[string]int // by what the visitor shows
	turned   map[string]int
	accounts map[string]int
	unsure   int // whose answer hangs on what files do not tell
	jobs     int // that were taken
	kept     int // disagreements
	odd      int // first answers that did not agree and were not given again
}

// twice lets the visitor ask again where the first answers do not agree, and once more
// after a new start: once in some thousand cases a CE does something that it does not do
// again.
func (v *visit) twice(g *gate, who policies.Visitor) pair {
	first := g.visit(who)
	if first.disagrees() == "" {
		return first
	}
	again := g.visit(who)
	if again.disagrees() != "" {
		g.install(g.policy)
		again = g.visit(who)
	}
	if again.disagrees() == "" {
		v.odd++
		g.t.Logf("not given again: %s", first)
	}
	return again
}

// mostKept bounds how many disagreements of a release are made small and kept:
// each takes minutes.
const mostKept = 3

var keptDir = filepath.Join("..", "..", "fixtures", "access")

func newVisit() *visit {
	return &visit{letIn: map[string]int{}, turned: map[string]int{}, accounts: map[string]int{}}
}

// notStarted holds a CE that does not start against what arclint says of it.
func (v *visit) notStarted(g *gate) {
	v.policies++
	v.stopped++
	if !g.stops() {
		disagree(g.t, g.ce.Suite, "the CE does not start, and whoami does not say so: %v\n%s", g.failed, g.policy.Text())
	}
}

// add counts a pair. The first disagreements are made small and kept.
func (v *visit) add(g *gate, p pair) {
	v.pairs++
	if v.pairs%perPolicy == 1 {
		v.policies++
	}
	if p.unsure() {
		v.unsure++
	}
	if p.got.Job {
		v.jobs++
	}
	if p.got.Status == 200 || p.got.Status == 201 {
		v.letIn[p.kind()]++
		v.accounts[p.got.Account]++
	} else {
		v.turned[p.kind()]++
	}
	if in := p.disagrees(); in != "" {
		disagree(g.t, g.ce.Suite, "they disagree about %s\n%s\n%s%s", in, p, g.places.Replace(g.policy.Text()), g.policy.AddedText())
		v.kept++
		if policy := g.policy; v.kept <= mostKept {
			g.t.Logf("kept as %s", g.keepMeeting(keptDir, fmt.Sprintf("lab-%s-%d-%d", g.ce.Measured, *accessSeed, v.kept), p))
			g.install(policy)
		}
	}
}

// report says how it went, and fails where the draws have gone astray: where
// hardly anybody is let in, or turned away, nothing was shown.
func (v *visit) report(t *testing.T) {
	in := sum(v.letIn)
	t.Logf("%d pairs, %d configurations and %d with which the CE does not start: %d let in (%v) as %v, %d jobs; turned away %v; %d hang on what files do not tell",
		v.pairs, v.policies, v.stopped, in, v.letIn, v.accounts, v.jobs, v.turned, v.unsure)
	if v.odd > 1+v.pairs/100 {
		t.Errorf("of %d, %d first answers were not given again", v.pairs, v.odd)
	}
	if v.pairs >= documentedPairs && (in < v.pairs/8 || in > v.pairs*7/8 || v.unsure > v.pairs/2 || len(v.accounts) < 4) {
		t.Errorf("of %d pairs %d are let in, as %d accounts, and %d hang on what files do not tell: the draws have gone astray", v.pairs, in, len(v.accounts), v.unsure)
	}
}

// visits are those of all releases.
type visits struct {
	roll
	mu   sync.Mutex
	rows map[string]*visit
}

func newVisits() *visits { return &visits{rows: map[string]*visit{}} }

func (a *visits) add(g *gate, v *visit) {
	a.sign(g.t, g.ce)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rows[g.ce.Measured] = v
}

func (a *visits) compare(t *testing.T) {
	if a.whole(t) && *pairs == documentedPairs && *accessSeed == documentedAccessSeed {
		compareSection(t, "Who gets in", a.section())
	}
}

func (a *visits) section() string {
	var b strings.Builder
	b.WriteString(a.line() + "\n")
	fmt.Fprintf(&b, "Configurations of access are drawn (`fixtures/policies`, seed %d): authgroups with every kind of rule, [mapping] with its policies, files, pools and plugins, access lists, queues, tokenscopes, arc.conf.d. ", documentedAccessSeed)
	fmt.Fprintf(&b, "%d visitors ask each: with a token, right or wrong in one thing, with a certificate, with a proxy for each of one or two VOs, with both, with nothing; a third submit a job. ", perPolicy)
	b.WriteString("`whoami` agrees with the CE in all of them: who is let in, as which account and in which groups (both from the CE's log), with which status somebody is refused, whether a job is taken. Where files do not tell (a plugin, a free account of a pool), the CE does one of the things that `whoami` says.\n\n")
	b.WriteString("| |" + columns(func(s lab.Suite) string { return "ARC " + s.Measured }) + "\n|---|" + strings.Repeat("---|", len(lab.Suites())) + "\n")
	row := func(title string, cell func(*visit) string) {
		b.WriteString("| " + title + " |" + columns(func(s lab.Suite) string { return cell(a.rows[s.Measured]) }) + "\n")
	}
	row("configurations", func(v *visit) string { return fmt.Sprint(v.policies) })
	row("with which the CE does not start, as `whoami` says", func(v *visit) string { return fmt.Sprint(v.stopped) })
	row("pairs of a configuration and a visitor, all agree", func(v *visit) string { return fmt.Sprint(v.pairs) })
	for _, kind := range kinds {
		row("let in of those who show "+kind, func(v *visit) string {
			return fmt.Sprintf("%d of %d", v.letIn[kind], v.letIn[kind]+v.turned[kind])
		})
	}
	row("accounts", func(v *visit) string { return fmt.Sprint(len(v.accounts)) })
	row("jobs taken", func(v *visit) string { return fmt.Sprint(v.jobs) })
	row("hang on what files do not tell", func(v *visit) string { return fmt.Sprint(v.unsure) })
	return b.String()
}
