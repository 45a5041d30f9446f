package facts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/docs"
)

const root = "../.."

// TestPage: each heading of the third level is that of a fact with a text, none
// stands twice, and every host of repositories makes the same fragment of it.
func TestPage(t *testing.T) {
	all := All()
	if n := strings.Count(docs.Behaviour(), "\n###"); n != len(all) || n == 0 {
		t.Errorf("%d headings and %d facts", n, len(all))
	}
	seen := map[string]bool{}
	for _, f := range all {
		if seen[f.ID] {
			t.Errorf("%s has two headings", f.ID)
		}
		seen[f.ID] = true
		if !regexp.MustCompile(`^[A-Za-z0-9]+([ -][A-Za-z0-9]+)*$`).MatchString(f.Title) {
			t.Errorf("%s: title %q, want letters, digits, blanks and hyphens", f.ID, f.Title)
		}
		if f.Text == "" || f.Section == "" || !strings.Contains(docs.Behaviour(), f.Text) {
			t.Errorf("%s: section %q, text %q", f.ID, f.Section, f.Text)
		}
	}
	if !strings.HasPrefix(Method(), "Measured ") {
		t.Errorf("method: %q", Method())
	}
}

// TestCitedFactsExist: whatever is cited in sources, fixtures and pages, in
// words or in a list of ids, has a heading.
func TestCitedFactsExist(t *testing.T) {
	cited := map[string]string{} // by id, a file that cites it
	eachFile(t, func(path string) {
		switch filepath.Ext(path) {
		case ".go", ".md", ".txtar", ".tsv", ".txt", ".json", ".sh", ".conf":
		default:
			return
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range Cited(strings.Join(strings.Fields(strings.ReplaceAll(string(data), "\n//", "\n")), " ")) {
			cited[id] = path
		}
		if filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") {
			for _, id := range listed(t, path) {
				cited[id] = path
			}
		}
	})
	for id, path := range cited {
		if _, ok := Find(id); !ok {
			t.Errorf("%s cites %s, which has no heading in docs/%s", path, id, Page)
		}
	}
	for _, id := range []string{"S9", "H3", "A10"} { // of a rule, of a recipe, of a trace
		if cited[id] == "" {
			t.Errorf("nobody cites %s: not all is read", id)
		}
	}
}

// listed gives the ids of strings that hold nothing else: "A9, S10".
func listed(t *testing.T, path string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	ast.Inspect(tree, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(lit.Value)
		if err == nil && regexp.MustCompile(`^`+idForm+`(, `+idForm+`)*$`).MatchString(text) {
			ids = append(ids, strings.Split(text, ", ")...)
		}
		return true
	})
	return ids
}

// TestLinks: every link from another page to a fact hits a heading.
func TestLinks(t *testing.T) {
	anchors := map[string]bool{}
	for _, f := range All() {
		anchors[f.Anchor()] = true
	}
	found := map[string]int{}
	eachFile(t, func(path string) {
		if filepath.Ext(path) != ".md" {
			return
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(regexp.QuoteMeta(Page)+`#([^)\s]*)`).FindAllStringSubmatch(string(data), -1) {
			found[filepath.Base(path)]++
			if !anchors[m[1]] {
				t.Errorf("%s links to #%s, which no heading of %s is", path, m[1], Page)
			}
		}
	})
	for _, page := range []string{"rules.md", "fidelity.md"} {
		if found[page] == 0 {
			t.Errorf("docs/%s has no link to a fact", page)
		}
	}
}

// eachFile visits the files of the project but for this package, whose tests
// cite what does not exist.
func eachFile(t *testing.T, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (path == filepath.Join(root, "internal", "facts") || strings.HasPrefix(d.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() {
			visit(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCited(t *testing.T) {
	for text, want := range map[string][]string{
		"arc-behaviour S9": {"S9"},
		"(arc-behaviour D1, D5, H1-H4; S72 src/a.cpp).":                                   {"D1", "D5", "H1", "H2", "H3", "H4"},
		"arc-behaviour G1 to G3 and S4 or A1. arc-behaviour F2":                           {"G1", "G2", "G3", "S4", "A1", "F2"},
		"arc-behaviour A2 to B3":                                                          {"A2", "B3"},
		"arc-checks b2.5; S9, arc-behaviour.md, arc-behaviour, and S10; arc-behaviour %s": nil,
	} {
		if diff := cmp.Diff(want, Cited(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestLinked(t *testing.T) {
	const want = "x (arc-behaviour [S9](arc-behaviour.md#s9-crls-are-only-looked-at-for-the-leaf), S3), S9"
	if got := Linked("x (arc-behaviour S9, S3), S9"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAsked(t *testing.T) {
	for text, want := range map[string]string{"S9": "S9", "s9": "S9", "arc-behaviour D10": "D10", "S": "", "b2.5": "", "conf/syntax": "", "S9 D1": ""} {
		if id, ok := IDOf(text); id != want || ok != (want != "") {
			t.Errorf("IDOf(%q) is %q, %v", text, id, ok)
		}
	}
	for text, want := range map[string]bool{"b2.5": true, "arc-checks b4": true, "arc-checks Upgrade diff": true, "b2": false, "B2": false, "conf/syntax": false} {
		if IsCheck(text) != want {
			t.Errorf("IsCheck(%q) is %v", text, !want)
		}
	}
	if got := Ranges("S1"); got != "S4 to S12" {
		t.Errorf("the ids with S are %q", got)
	}
	if got := strings.Split(Ranges("X1"), ", "); len(got) != 12 || !slices.Contains(got, "H1 to H4") {
		t.Errorf("all ids are %q", got)
	}
}
