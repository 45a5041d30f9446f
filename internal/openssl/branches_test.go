package openssl_test

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/golden"
)

var profile = flag.String("branches", "", "the coverage profile of TestRandomChains, which is compared with testdata/branches.md")

const branchTable = "testdata/branches.md"

// block is a block of statements that the random chains do not reach: where it
// begins, in words that moving it does not change.
type block struct{ file, function, begins string }

// TestBranches holds testdata/branches.md to its word: each row names a line that
// is there and gives a reason; with -branches, every block that the random chains
// leave out has a row. `make chains` makes the profile. UPDATE=1 writes the rows
// anew and keeps the reasons.
func TestBranches(t *testing.T) {
	rows := readBranches(t)
	for b, reason := range rows {
		if !slices.Contains(linesOf(t, b.file)[b.function], b.begins) {
			t.Errorf("%s, %s: there is no line %q", b.file, b.function, b.begins)
		}
		if reason == "" || reason == "?" {
			t.Errorf("%s, %s, %q: no reason is given", b.file, b.function, b.begins)
		}
	}
	if *profile == "" {
		return
	}
	if series := findOracle(t).profile.OpenSSL; series != "3.0" {
		t.Logf("the table is of OpenSSL 3.0, this is %s", series)
		return
	}
	missed, total := unreached(t, *profile)
	if golden.Update() {
		writeBranches(t, missed, total, rows)
		return
	}
	for _, b := range missed {
		if _, listed := rows[b]; !listed {
			t.Errorf("%s, %s: no random chain reaches %q; reach it, or say why not in %s", b.file, b.function, b.begins, branchTable)
		}
	}
	t.Logf("%d of %d blocks are not reached, %d rows give reasons", len(missed), total, len(rows))
}

var rowPattern = regexp.MustCompile("(?m)^\\| `(.*?)` \\| `(.*?)` \\| `(.*?)` \\| (.*) \\|$")

func readBranches(t *testing.T) map[block]string {
	t.Helper()
	text, err := os.ReadFile(branchTable)
	if err != nil && !golden.Update() {
		t.Fatal(err)
	}
	rows := map[block]string{}
	for _, m := range rowPattern.FindAllStringSubmatch(string(text), -1) {
		rows[block{m[1], m[2], strings.ReplaceAll(m[3], `\|`, "|")}] = m[4]
	}
	return rows
}

var blockPattern = regexp.MustCompile(`(?m)^arclint/internal/openssl/([^:]+):(\d+)\.\d+,\d+\.\d+ (\d+) (\d+)$`)

// unreached gives the blocks of a coverage profile that no test reached, each once,
// and how many blocks there are.
func unreached(t *testing.T, path string) (missed []block, total int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range blockPattern.FindAllStringSubmatch(string(text), -1) {
		if m[3] == "0" {
			continue // without a statement
		}
		total++
		if m[4] != "0" {
			continue
		}
		source := sourceOf(t, m[1])
		missed = append(missed, block{m[1], source.functionAt(atoi(m[2])), source.line(atoi(m[2]))})
	}
	slices.SortFunc(missed, func(a, b block) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.function, b.function), cmp.Compare(a.begins, b.begins))
	})
	return slices.Compact(missed), total
}

func writeBranches(t *testing.T, missed []block, total int, reasons map[block]string) {
	var b strings.Builder
	fmt.Fprintf(&b, "# What random chains do not reach\n\n`make chains` compares random chains with `openssl verify` and measures which blocks of this package they\n"+
		"reach: all of %d but these, with OpenSSL 3.0 (Debian 12). A test fails where a block is left out that has no row.\n\n"+
		"| file | function | the block begins | why |\n|---|---|---|---|\n", total)
	for _, m := range missed {
		fmt.Fprintf(&b, "| `%s` | `%s` | `%s` | %s |\n", m.file, m.function, strings.ReplaceAll(m.begins, "|", `\|`), cmp.Or(reasons[m], "?"))
	}
	golden.Write(t, branchTable, []byte(b.String()))
}

// source is a file of the package.
type source struct {
	lines []string
	funcs map[string][2]int // first and last line
}

func sourceOf(t *testing.T, file string) source {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := source{lines: strings.Split(string(text), "\n"), funcs: map[string][2]int{}}
	for _, d := range tree.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			s.funcs[f.Name.Name] = [2]int{set.Position(f.Pos()).Line, set.Position(f.End()).Line}
		}
	}
	return s
}

func (s source) line(n int) string { return strings.TrimSpace(s.lines[n-1]) }

func (s source) functionAt(line int) string {
	for name, span := range s.funcs {
		if span[0] <= line && line <= span[1] {
			return name
		}
	}
	return ""
}

// linesOf are the lines of each function of a file.
func linesOf(t *testing.T, file string) map[string][]string {
	s, lines := sourceOf(t, file), map[string][]string{}
	for name, span := range s.funcs {
		for n := span[0]; n <= span[1]; n++ {
			lines[name] = append(lines[name], s.line(n))
		}
	}
	return lines
}
