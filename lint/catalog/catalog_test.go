package catalog_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

var idForm = regexp.MustCompile(`^(authz|conf|host|trust)/[a-z0-9]+(-[a-z0-9]+)*$`)

const fixtureDir = "../../fixtures/rules"

// TestGuard lets no half-made rule in.
func TestGuard(t *testing.T) {
	known := map[string]bool{lint.Manual: true}
	for _, r := range recipes.All() {
		known[r.ID] = true
	}
	seen := map[string]bool{}
	for _, r := range catalog.All() {
		if !idForm.MatchString(r.ID) {
			t.Errorf("%q is no ID of the form area/name", r.ID)
		}
		if seen[r.ID] {
			t.Errorf("%s is listed twice", r.ID)
		}
		seen[r.ID] = true
		if r.Title == "" || strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s: title %q, want a sentence without a period", r.ID, r.Title)
		}
		if !strings.HasSuffix(r.Why, ".") {
			t.Errorf("%s: Why %q, want complete sentences", r.ID, r.Why)
		}
		if r.Source == "" || r.Check == nil {
			t.Errorf("%s: Source and Check are required", r.ID)
		}
		if _, err := lint.ParseSeverity(string(r.Severity)); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
		if !known[r.Recipe] {
			t.Errorf("%s: recipe %q does not exist", r.ID, r.Recipe)
		}
	}
}

// TestFixtures: every rule has a fixture of its name, and no fixture is without
// a rule. What they hold is tested in rules_test.go.
func TestFixtures(t *testing.T) {
	stray := map[string]bool{}
	files, err := filepath.Glob(fixtureDir + "/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		stray[f] = true
	}
	for _, r := range catalog.All() {
		f := filepath.Join(fixtureDir, r.ID+".txtar")
		if _, err := os.Stat(f); err != nil {
			t.Errorf("%s has no fixture: %v", r.ID, err)
		}
		delete(stray, f)
	}
	for f := range stray {
		t.Errorf("%s belongs to no rule", f)
	}
}

// TestFiles: the rule area/some-name stands in lint/area/some_name.go, so that
// one word finds the rule, its fixture and its page.
func TestFiles(t *testing.T) {
	for _, r := range catalog.All() {
		if r == lint.Suppression {
			continue // Run finds it: lint/suppress.go
		}
		file := filepath.Join("..", filepath.FromSlash(strings.ReplaceAll(r.ID, "-", "_"))+".go")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%s: %v", r.ID, err)
			continue
		}
		if !strings.Contains(string(data), strconv.Quote(r.ID)) {
			t.Errorf("%s does not hold the rule %s", file, r.ID)
		}
	}
}
