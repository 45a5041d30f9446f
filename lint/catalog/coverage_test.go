package catalog_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"arclint/lint"
	"arclint/lint/catalog"
)

// named finds the names of rules in a cell.
var named = regexp.MustCompile(`\b(conf|authz|host|trust)/[a-z0-9-]+`)

// TestCoverage: every row of docs/coverage.md names rules and fixtures that are
// there, or says why arclint has none.
func TestCoverage(t *testing.T) {
	rows := coverage(t)
	if len(rows) < 45 {
		t.Errorf("docs/coverage.md has %d rows, want those of all checks of arc-checks b1 to b4", len(rows))
	}
	for _, cells := range rows {
		rules, fixtures := named.FindAllString(cells[2], -1), named.FindAllString(cells[3], -1)
		if len(rules) == 0 && !strings.HasPrefix(cells[2], "none: ") {
			t.Errorf("%q has neither a rule nor a reason why there is none", cells[0])
		}
		if len(rules) > 0 && len(fixtures) == 0 {
			t.Errorf("%q has rules and no fixture", cells[0])
		}
		for _, id := range rules {
			if !slices.ContainsFunc(catalog.All(), func(r *lint.Rule) bool { return r.ID == id }) {
				t.Errorf("%q: there is no rule %s", cells[0], id)
			}
		}
		for _, name := range fixtures {
			if _, err := os.Stat(filepath.Join("..", "..", "fixtures", "rules", name+".txtar")); err != nil {
				t.Errorf("%q: %v", cells[0], err)
			}
		}
	}
}

// coverage are the cells of the tables of docs/coverage.md.
func coverage(t *testing.T) (rows [][]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "coverage.md"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ARC checks ") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != 4 {
			t.Fatalf("%q has %d cells, want 4", line, len(cells))
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}
