//go:build lab

package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"arclint/fixtures/golden"
	"arclint/internal/lab"
)

// ledger collects what the CEs did in the scenarios.
type ledger struct {
	roll
	mu      sync.Mutex
	tallies map[string]map[string]tally // by release and group
	rows    []string                    // of group L, for the tests of verify
	record  []string                    // of all: what the CE did and what arclint says
}

type tally struct{ answered, notStarted int }

func newLedger() *ledger {
	return &ledger{tallies: map[string]map[string]tally{}}
}

func (l *ledger) add(release string, c scenario, got outcome, said []claim) {
	l.mu.Lock()
	defer l.mu.Unlock()
	agrees := make([]string, len(said))
	for i, claim := range said {
		agrees[i] = fmt.Sprintf("%s:%v", claim.about, claim.agrees)
	}
	l.record = append(l.record, strings.Join([]string{c.group, c.name, release, got.String(), strings.Join(agrees, " ")}, "\t"))
	if l.tallies[release] == nil {
		l.tallies[release] = map[string]tally{}
	}
	n := l.tallies[release][c.group]
	if got.notStarted != nil {
		n.notStarted++
	} else {
		n.answered++
		if c.group == "L" {
			l.rows = append(l.rows, strings.Join([]string{c.group, c.name, release, yes(got.token), trusted(got.client), "-", "-"}, "\t"))
		}
	}
	l.tallies[release][c.group] = n
}

// addOdd records first answers that were not given again.
func (l *ledger) addOdd(rows []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.record = append(l.record, rows...)
}

// labRows are the rows that the tests of verify rebuild where there is no lab.
var labRows = filepath.Join("..", "trust", "testdata", "lab.tsv")

// compare keeps the record beside the chroots, and holds docs/fidelity.md and the rows of verify's tests against the run.
func (l *ledger) compare(t *testing.T) {
	slices.Sort(l.record)
	ok(t, os.WriteFile(filepath.Join(*cache, "record.tsv"), []byte(strings.Join(l.record, "\n")+"\n"), 0o644))
	if !l.whole(t) {
		return
	}
	slices.Sort(l.rows)
	found := "group\tscenario\trelease\tissuer\tclient\tissuer_error\tclient_error\n" + strings.Join(l.rows, "\n") + "\n"
	golden.Check(t, labRows, []byte(found))
	compareSection(t, "The scenarios", l.section())
}

// groups are what the letters of arc-behaviour stand for.
var groups = [][2]string{
	{"C", "arc.conf: x509_cert_dir and x509_cert_policy as they are written"},
	{"D", "trust directories, chains, keys, CRLs"},
	{"E", "signing policies"},
	{"F", "client certificates and proxies"},
	{"H", "strategies for an issuer under a public CA"},
	{"I", "the server that serves the keys"},
	{"L", "added in the lab: places and values of x509_cert_policy, arc.conf.d, host names"},
}

func (l *ledger) section() string {
	var b strings.Builder
	b.WriteString(l.line() + "\n")
	b.WriteString("In each scenario the CE is asked with a token and with a client certificate. `verify --purpose issuer`, `verify --purpose client`, `trust` and `check` agree with it in all of them; where it does not start, or answers nobody, `check` finds an error. Answers that do not agree are asked for once more, after a new start, and the second ones count; the record keeps both, and more than one in a hundred of the former fails the run.\n\n")
	b.WriteString("| group | about |")
	for _, s := range lab.Suites() {
		fmt.Fprintf(&b, " ARC %s |", s.Measured)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(lab.Suites())) + "\n")
	for _, g := range groups {
		fmt.Fprintf(&b, "| %s | %s |", g[0], g[1])
		for _, s := range lab.Suites() {
			n := l.tallies[s.Measured][g[0]]
			cell := fmt.Sprint(n.answered)
			if n.notStarted > 0 {
				cell += fmt.Sprintf(" and %d without an answer", n.notStarted)
			}
			fmt.Fprintf(&b, " %s |", cell)
		}
		b.WriteString("\n")
	}
	return b.String()
}
