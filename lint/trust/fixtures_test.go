package trust

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

func TestScratch(t *testing.T) {
	files, _ := filepath.Glob("../../fixtures/rules/trust/*.txtar")
	have := map[string]bool{}
	for _, f := range files {
		c, err := fixtures.LoadRule(f)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		have[c.Rule] = true
		i := slices.IndexFunc(Rules, func(r *lint.Rule) bool { return r.ID == c.Rule })
		if i < 0 {
			t.Errorf("%s: no rule", f)
			continue
		}
		rule := Rules[i]
		t.Run(c.Rule, func(t *testing.T) {
			lines, edited := map[string][]string{}, map[string]map[string][]byte{}
			for _, v := range c.Variants {
				s, err := site.Load(v.Tree, site.Options{Root: "/", ARCVersion: v.ARCVersion, OSFamily: site.OSFamily(v.OSFamily), Now: v.Now, Evidence: v.Evidence})
				if err != nil {
					t.Fatal(err)
				}
				res := lint.Run(s, []*lint.Rule{rule})
				var got []string
				edits := map[*source.File][]source.Edit{}
				seen := map[string]bool{}
				for _, f := range res.Findings {
					got = append(got, show(f))
					if f.Rule != rule.ID {
						t.Error(f.Message)
					}
					if seen[f.Fingerprint()] {
						t.Errorf("%s: fingerprint twice: %s", v.Name, show(f))
					}
					seen[f.Fingerprint()] = true
					for _, e := range f.Edits {
						edits[e.Span.File] = append(edits[e.Span.File], e)
					}
				}
				if os.Getenv("SHOW") != "" {
					for _, sk := range res.Skips {
						fmt.Println(v.Name, "SKIP", sk.Reason)
					}
				}
				files := map[string][]byte{}
				for file, list := range edits {
					data, err := source.Apply(file, list)
					if err != nil {
						t.Error(err)
					}
					files[file.Path] = data
				}
				if v.Kind == fixtures.Bad && os.Getenv("UPDATE") != "" {
					lines[v.Name], edited[v.Name] = got, files
					continue
				}
				if diff := cmp.Diff(v.Findings, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", v.Name, diff)
				}
				if v.Kind == fixtures.Bad {
					a, b := v.Edited, files
					for _, k := range slices.Sorted(maps.Keys(a)) {
						if string(a[k]) != string(b[k]) {
							t.Errorf("%s: edited %s: want %q got %q", v.Name, k, a[k], b[k])
						}
					}
					if len(a) != len(b) {
						t.Errorf("%s: %d edited want %d", v.Name, len(b), len(a))
					}
				}
			}
			if os.Getenv("UPDATE") != "" {
				if err := fixtures.Rewrite(c.Path, lines, edited); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for _, r := range Rules {
		if !have[r.ID] {
			t.Logf("%s: no fixture", r.ID)
		}
	}
}

func TestScratchBase(t *testing.T) {
	for _, v := range fixtures.Versions() {
		b, err := fixtures.Base(v)
		if err != nil {
			t.Fatal(err)
		}
		s, err := site.Load(b.Tree, site.Options{Root: "/", ARCVersion: b.ARCVersion, OSFamily: site.OSFamily(b.OSFamily), Now: b.Now, Evidence: b.Evidence})
		if err != nil {
			t.Fatal(err)
		}
		res := lint.Run(s, Rules)
		for _, f := range res.Findings {
			t.Errorf("%s %s %s", v, f.Rule, show(f))
		}
		for _, f := range res.Skips {
			t.Logf("%s %s %s", v, f.Rule, f.Reason)
		}
	}
}

func TestScratchDune(t *testing.T) {
	b, err := fixtures.LoadSite("../../fixtures/sites/dune-before-7.2")
	if err != nil {
		t.Fatal(err)
	}
	s, err := site.Load(b.Tree, site.Options{Root: "/", ARCVersion: b.ARCVersion, OSFamily: site.OSFamily(b.OSFamily), Now: b.Now, Evidence: b.Evidence})
	if err != nil {
		t.Fatal(err)
	}
	res := lint.Run(s, Rules)
	for _, f := range res.Findings {
		t.Logf("%s %s %v", f.Rule, show(f), f.Args)
	}
	for _, f := range res.Skips {
		t.Logf("%s %s", f.Rule, f.Reason)
	}
}
