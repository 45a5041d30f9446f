package authz

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

const fixtureDir = "../../fixtures/rules/authz"

func open(t *testing.T, f *fixtures.Site) *site.Site {
	t.Helper()
	s, err := site.Load(f.Tree, site.Options{
		Root: "test", ARCVersion: f.ARCVersion, OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Evidence: f.Evidence,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestFixtures holds every rule of the area against its fixture: each bad
// variant gives exactly its findings, each good one none, and the edits of the
// findings give the fixed files.
func TestFixtures(t *testing.T) {
	for _, rule := range Rules {
		t.Run(rule.ID, func(t *testing.T) {
			file := filepath.Join(fixtureDir, strings.TrimPrefix(rule.ID, "authz/")+".txtar")
			c, err := fixtures.LoadRule(file)
			if err != nil {
				t.Fatal(err)
			}
			findings, edited := map[string][]string{}, map[string]map[string][]byte{}
			for _, v := range c.Variants {
				got := lint.Run(open(t, v.Site), []*lint.Rule{rule})
				lines := show(got.Findings)
				if v.Kind == fixtures.Bad {
					findings[v.Name] = lines
				}
				if len(v.Edited) > 0 {
					edited[v.Name] = apply(t, v, got.Findings)
				}
				if diff := cmp.Diff(v.Findings, lines); diff != "" && os.Getenv("UPDATE") == "" {
					t.Errorf("%s (-want +got):\n%s", v.Name, diff)
				}
			}
			if os.Getenv("UPDATE") != "" {
				if err := fixtures.Rewrite(file, findings, edited); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func show(findings []lint.Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, showFinding(f))
	}
	return lines
}

func showFinding(f lint.Finding) string {
	at := f.Path
	if !f.Span.IsZero() {
		p := f.Span.Begin()
		at += ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
	}
	return at + ": " + string(f.Severity) + ": " + f.Message
}

// apply makes the edits and compares what they give with the fixed files.
func apply(t *testing.T, v fixtures.Variant, findings []lint.Finding) map[string][]byte {
	t.Helper()
	byFile := map[*source.File][]source.Edit{}
	for _, f := range findings {
		for _, e := range f.Edits {
			byFile[e.Span.File] = append(byFile[e.Span.File], e)
		}
	}
	got := map[string][]byte{}
	for file, edits := range byFile {
		data, err := source.Apply(file, edits)
		if err != nil {
			t.Errorf("%s: %v", v.Name, err)
			continue
		}
		got[file.Path] = data
	}
	for path, want := range v.Edited {
		if diff := cmp.Diff(string(want), string(got[path])); diff != "" && os.Getenv("UPDATE") == "" {
			t.Errorf("%s: %s after the edits (-want +got):\n%s", v.Name, path, diff)
		}
	}
	return got
}

// TestBases: on the base sites, which are sound, no rule finds anything.
func TestBases(t *testing.T) {
	for _, version := range fixtures.Versions() {
		base, err := fixtures.Base(version)
		if err != nil {
			t.Fatal(err)
		}
		if lines := show(lint.Run(open(t, base), Rules).Findings); len(lines) > 0 {
			t.Errorf("%s:\n%s", version, strings.Join(lines, "\n"))
		}
	}
}
