package catalog_test

import (
	_ "embed"
	"strings"
	"testing"

	"arclint/internal/facts"
	"arclint/lint/catalog"
)

// factsTable lists every measured fact of arc-behaviour: id, tab, and either
// "rule" or the reason why no rule stands for it.
//
//go:embed testdata/facts.tsv
var factsTable string

// TestFacts: every fact into which a site's files can fall has a rule, or a
// written reason why it has none.
func TestFacts(t *testing.T) {
	reasons := map[string]string{}
	for line := range strings.Lines(factsTable) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, reason, ok := strings.Cut(line, "\t")
		if !ok || reason == "" {
			t.Fatalf("line %q, want an id, a tab, and rule or a reason", line)
		}
		reasons[id] = reason
	}
	for _, f := range facts.All() {
		if reasons[f.ID] == "" {
			t.Errorf("%s stands in docs/%s and not in the table", f.ID, facts.Page)
		}
	}
	claimed := map[string][]string{}
	for _, r := range catalog.All() {
		for _, id := range r.Facts {
			claimed[id] = append(claimed[id], r.ID)
			if _, known := reasons[id]; !known {
				t.Errorf("%s stands for %q, which is no fact of the table", r.ID, id)
			}
		}
	}
	for id, reason := range reasons {
		if _, ok := facts.Find(id); !ok {
			t.Errorf("%s stands in the table and not in docs/%s", id, facts.Page)
		}
		switch {
		case reason == "rule" && claimed[id] == nil:
			t.Errorf("fact %s has neither a rule nor a written reason", id)
		case reason != "rule" && claimed[id] != nil:
			t.Errorf("fact %s has a reason for no rule (%s), but %s stands for it", id, reason, strings.Join(claimed[id], ", "))
		}
	}
}
