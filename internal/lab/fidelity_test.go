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

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/golden"
	"arclint/internal/lab"
	"arclint/recipes"
)

// page is docs/fidelity.md: what the runs of the lab found. A run compares its
// own section with what it found itself, or writes it with UPDATE=1.
var page = filepath.Join("..", "..", "docs", "fidelity.md")

// compareSection holds a section of the page against what was found. Lines that
// begin with "Measured" differ from run to run.
func compareSection(t *testing.T, title, found string) {
	t.Helper()
	data, err := os.ReadFile(page)
	ok(t, err)
	head, rest, there := strings.Cut(string(data), "## "+title+"\n")
	if !there {
		t.Fatalf("docs/fidelity.md has no section %q", title)
	}
	have, tail := rest, ""
	if at := strings.Index(rest, "\n## "); at >= 0 {
		have, tail = rest[:at+1], rest[at+1:]
	}
	if golden.Update() {
		found = "\n" + strings.Trim(found, "\n") + "\n"
		if tail != "" {
			found += "\n"
		}
		golden.Write(t, page, []byte(head+"## "+title+"\n"+found+tail))
		return
	}
	if diff := cmp.Diff(stable(have), stable(found)); diff != "" {
		t.Errorf("docs/fidelity.md is not what this run found; UPDATE=1 make lab rewrites it (-page +run):\n%s", diff)
	}
}

func stable(text string) []string {
	return slices.DeleteFunc(strings.Split(strings.Trim(text, "\n"), "\n"), func(line string) bool { return strings.HasPrefix(line, "Measured ") })
}

// fidelity collects what the strategies do, by release.
type fidelity struct {
	roll
	mu   sync.Mutex
	rows map[string]map[string]measured // by release and strategy
}

func newFidelity() *fidelity {
	return &fidelity{rows: map[string]map[string]measured{}}
}

func (f *fidelity) add(st *tale, strategy string) {
	f.sign(st.t, st.ce)
	f.mu.Lock()
	defer f.mu.Unlock()
	release := st.ce.Measured
	if f.rows[release] == nil {
		f.rows[release] = map[string]measured{}
	}
	f.rows[release][strategy] = st.got
}

// compare holds docs/fidelity.md against the run.
func (f *fidelity) compare(t *testing.T) {
	if !f.whole(t) {
		return
	}
	var b strings.Builder
	b.WriteString(f.line())
	for _, s := range lab.Suites() {
		fmt.Fprintf(&b, "\n### ARC %s\n\n| | %s |\n|---|%s\n", s.Measured, strings.Join(strategiesOf(f.rows[s.Measured]), " | "),
			strings.Repeat("---|", len(f.rows[s.Measured])))
		for _, q := range questions {
			fmt.Fprintf(&b, "| %s |", q.text)
			for _, strategy := range strategiesOf(f.rows[s.Measured]) {
				fmt.Fprintf(&b, " %s |", q.answer(f.rows[s.Measured][strategy]))
			}
			b.WriteString("\n")
		}
	}
	compareSection(t, "The strategies", b.String())
}

func strategiesOf(rows map[string]measured) []string {
	return slices.DeleteFunc(slices.Clone(strategies), func(s string) bool { _, ok := rows[s]; return !ok })
}

// questions are the rows of the page.
var questions = []struct {
	text   string
	answer func(measured) string
}{
	{"a token of the issuer", func(m measured) string { return fmt.Sprintf("%s, %s", yes(m.Token), times(m.Fetches)) }},
	{"a client certificate of the issuer's public CA", func(m measured) string { return trusted(m.Client) }},
	{"a token of whoever poses as the issuer with a certificate of the same public CA for another host", func(m measured) string { return yes(m.ForgedPublic) }},
	{"the same with a certificate of a grid CA", func(m measured) string { return yes(m.ForgedGrid) }},
	{"the issuer has a new key: a token with it, at once", func(m measured) string { return yes(m.NewKey) }},
	{"and one with the key that was withdrawn", func(m measured) string { return yes(m.OldKey) }},
	{"after the timer: a token with the new key", func(m measured) string { return later(m, m.NewKeyLater) }},
	{"and one with the key that was withdrawn", func(m measured) string { return later(m, m.OldKeyLater) }},
	{"the issuer has gone to another public CA: a token with a key that the CE knows", func(m measured) string { return yes(m.KnownKeyMoved) }},
	{"and one with a new key, after the timer where there is one", func(m measured) string { return yes(m.NewKeyMoved) }},
}

func yes(a lab.Answer) string {
	if a.Accepted() {
		return "accepted"
	}
	return "refused"
}

func trusted(a lab.Answer) string {
	if a.Trusted() {
		return "accepted"
	}
	return "refused"
}

func later(m measured, a lab.Answer) string {
	if !m.Timer {
		return "-"
	}
	return yes(a)
}

func times(n int) string {
	if n == 0 {
		return "without a fetch"
	}
	return fmt.Sprintf("%d requests to the issuer", n)
}

// compareTable holds what the recipe says of its strategy against what it did.
func (st *tale) compareTable(strategy string) {
	table := st.table
	at := slices.IndexFunc(table.Rows, func(r recipes.Row) bool { return r.Strategy == strategy })
	if at < 0 {
		st.t.Fatalf("the recipe's table has no row %s", strategy)
	}
	cells, m := table.Rows[at].Cells, st.got
	for _, claim := range []struct {
		column int
		text   string // that the cell has exactly where it is so
		is     bool
	}{
		{0, "yes", m.Token.Accepted()},
		{0, "without a fetch", m.Token.Accepted() && m.Fetches == 0},
		{1, "yes", !m.Client.Trusted()},
		{1, "NO", m.Client.Trusted()},
		{2, "public CA", m.ForgedPublic.Accepted()},
		{2, "any CA in /etc/grid-security/certificates", m.ForgedGrid.Accepted()},
		{3, "nothing", m.NewKey.Accepted()},
		{3, "refused until the timer", !m.NewKey.Accepted() && m.NewKeyLater.Accepted()},
		{3, "withdrawn keys are accepted until then", m.OldKey.Accepted() && m.Timer && !m.OldKeyLater.Accepted()},
		{4, "nothing", m.NewKeyMoved.Accepted()},
		{4, "known keys go on", m.KnownKeyMoved.Accepted() && !m.NewKeyMoved.Accepted()},
		{4, "refused at once", !m.KnownKeyMoved.Accepted() && !m.NewKeyMoved.Accepted()},
	} {
		if says := strings.Contains(cells[claim.column].Text, claim.text); says != claim.is {
			disagree(st.t, st.ce.Suite, "%s, on %q: the recipe says %q, the CE did: %+v", strategy, table.Columns[claim.column], cells[claim.column].Text, m)
		}
	}
}
