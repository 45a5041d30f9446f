package openssl_test

import (
	"encoding/asn1"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/golden"
	"arclint/internal/openssl"
)

// row is a line of a table: cases that belong together, and what each version of
// OpenSSL answers to them.
type row struct {
	label string // its columns, with tabs
	draws []draw
}

// versions are the columns of answers: Debian 12 when it came out last and with its
// security updates, Debian 13, and sid.
var versions = []string{"3.0.19", "3.0.22", "3.5.9", "3.6.5"}

// compareTable wants of the engine, with the profile of each version, what the
// table says that OpenSSL answered, and of the installed openssl that the table
// is true. UPDATE=1 writes the column of the installed one (OPENSSL=program).
func compareTable(t *testing.T, path, head string, rows []row) {
	table := readTable(t, path)
	o := findOracle(t)
	var draws []draw
	for _, r := range rows {
		draws = append(draws, r.draws...)
	}
	l := lay(t, draws)
	t.Run("installed", func(t *testing.T) {
		codes := o.ask(t, l, openssl.Server)
		for _, r := range rows {
			answer := joined(codes[:len(r.draws)])
			codes = codes[len(r.draws):]
			if want := table[r.label][o.version]; answer != want && slices.Contains(versions, o.version) && !golden.Update() {
				t.Errorf("%s: OpenSSL %s says %s, the table %s", r.label, o.version, answer, want)
			}
			table.set(r.label, o.version, answer)
		}
		table.check(t, l, o.version, o.profile, rows)
		table.write(t, path, head, rows)
	})
	for _, version := range versions {
		p, _ := openssl.ProfileOf(version)
		t.Run(version, func(t *testing.T) { table.check(t, l, version, p, rows) })
	}
}

// check compares the engine with a column.
func (a answers) check(t *testing.T, l layout, version string, p openssl.Profile, rows []row) {
	e := l.engine(t, p)
	for _, r := range rows {
		want := strings.Split(a[r.label][version], "/")
		if len(want) != len(r.draws) {
			t.Errorf("%s: no answer of OpenSSL %s", r.label, version)
			continue
		}
		for i, d := range r.draws {
			got := verdictOf(t, e, d, openssl.Server)
			if code, err := strconv.Atoi(want[i]); err != nil || !fits(code, got.Reason) {
				t.Errorf("%s: %s, OpenSSL says %s at %d\n%s%s", r.label, got.Reason, a[r.label][version], i, story(got), d.log)
			}
		}
	}
}

// answers are the cells of a table, by label and version.
type answers map[string]map[string]string

func (a answers) set(label, version, answer string) {
	if a[label] == nil {
		a[label] = map[string]string{}
	}
	a[label][version] = answer
}

func readTable(t *testing.T, path string) answers {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil && !golden.Update() {
		t.Fatal(err)
	}
	a := answers{}
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if cells := len(fields) - len(versions); cells > 0 {
			label := strings.Join(fields[:cells], "\t")
			for i, version := range versions {
				a.set(label, version, fields[cells+i])
			}
		}
	}
	return a
}

// write writes the table, or compares it: it has the rows of the test and no
// others.
func (a answers) write(t *testing.T, path, head string, rows []row) {
	t.Helper()
	text := head + "\t" + strings.Join(versions, "\t") + "\n"
	for _, r := range rows {
		text += r.label
		for _, version := range versions {
			text += "\t" + a[r.label][version]
		}
		text += "\n"
	}
	golden.Check(t, path, text)
}

func joined(codes []int) string {
	var words []string
	for _, code := range codes {
		words = append(words, strconv.Itoa(code))
	}
	return strings.Join(words, "/")
}

// marshal is asn1.Marshal of a value that is known to be good.
func marshal(value any) []byte {
	der, err := asn1.Marshal(value)
	if err != nil {
		panic(err)
	}
	return der
}

// TestLabels: no two rows of a table have the same label.
func TestLabels(t *testing.T) {
	for name, rows := range map[string][]row{"subtrees": subtreeRows(), "odd": oddRows()} {
		var labels []string
		for _, r := range rows {
			labels = append(labels, r.label)
		}
		slices.Sort(labels)
		if diff := cmp.Diff(slices.Compact(slices.Clone(labels)), labels); diff != "" {
			t.Errorf("%s: labels twice:\n%s", name, diff)
		}
	}
}
