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
)

// comparison collects what TestChecks counts, by release.
type comparison struct {
	roll
	mu   sync.Mutex
	rows map[string]*checker
}

func newComparison() *comparison { return &comparison{rows: map[string]*checker{}} }

func (c *comparison) add(t *testing.T, ch *checker) {
	c.sign(t, ch.ce)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows[ch.ce.Measured] = ch
}

// compare holds docs/fidelity.md against the run that it speaks of.
func (c *comparison) compare(t *testing.T) {
	if c.whole(t) && *mutations == documentedMutations && *checksSeed == documentedSeed {
		compareSection(t, "ARC's own checks", c.section())
	}
}

func (c *comparison) section() string {
	var b strings.Builder
	b.WriteString(c.line() + "\n")
	fmt.Fprintf(&b, "%d configurations a release, made from seed %d: valid ones, and the same spoilt once or twice (`fixtures/faults`). ", *mutations, *checksSeed)
	b.WriteString("ARC 6 judges them with `arc-config-check` and `arcctl config verify`, ARC 7 with `arcctl service verify`, which does what `arcctl config verify` does and looks at the certificates. ")
	b.WriteString("Where ARC reports an error, arclint has a finding on the same block, option or file. Where ARC says nothing and arclint has an error, a CE is started with that configuration: it serves if a user of its authgroup is let in and A-REX looks after jobs.\n\n")
	b.WriteString("| |" + columns(func(s lab.Suite) string { return "ARC " + s.Measured }) + "\n|---|" + strings.Repeat("---|", len(c.rows)) + "\n")
	row := func(text string, value func(*checker) any) {
		fmt.Fprintf(&b, "| %s |%s\n", text, columns(func(s lab.Suite) string { return fmt.Sprint(value(c.rows[s.Measured])) }))
	}
	row("errors that ARC reports", func(k *checker) any { return k.errors })
	row("of them found by arclint", func(k *checker) any { return percent(k.answered, k.errors) })
	row("configurations of which ARC says nothing", func(k *checker) any { return k.silent })
	row("of them without an error of arclint, but for the exceptions below", func(k *checker) any { return k.undisputed })
	row("of them with one, and the CE does not serve", func(k *checker) any { return k.silent - k.undisputed - k.disputed })
	row("of them with one, and the CE serves", func(k *checker) any { return k.disputed })
	b.WriteString("\nWhat arclint calls an error where ARC says nothing and the CE does not serve:\n\n")
	c.rules(&b, func(k *checker) map[string]int { return k.right }, nil)
	b.WriteString("\nThe exceptions, errors of arclint on configurations with which the CE serves:\n\n")
	c.rules(&b, func(k *checker) map[string]int { return k.excepted }, exceptions)
	return b.String()
}

func columns(cell func(lab.Suite) string) string {
	var b strings.Builder
	for _, s := range lab.Suites() {
		fmt.Fprintf(&b, " %s |", cell(s))
	}
	return b.String()
}

func percent(part, whole int) string {
	return fmt.Sprintf("%d (%.0f %%)", part, 100*float64(part)/float64(max(whole, 1)))
}

// rules lists rules with how often they spoke in each release.
func (c *comparison) rules(b *strings.Builder, of func(*checker) map[string]int, why map[string]string) {
	all := map[string]bool{}
	for _, k := range c.rows {
		for rule := range of(k) {
			all[rule] = true
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(all)) {
		var counts []string
		for _, s := range lab.Suites() {
			counts = append(counts, fmt.Sprint(of(c.rows[s.Measured])[rule]))
		}
		fmt.Fprintf(b, "- `%s` (%s)", rule, strings.Join(counts, ", "))
		if why[rule] != "" {
			b.WriteString(": " + why[rule])
		}
		b.WriteString("\n")
	}
}
