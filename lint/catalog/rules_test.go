package catalog_test

import (
	compare "cmp"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures"
	"arclint/fixtures/golden"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
	"arclint/lint/catalog"
)

// TestRules: every rule finds what its fixture wants in the bad variants, and
// nothing in the others. With UPDATE=1 it rewrites the fixtures. A rule that is
// for some releases (Where) and tested on none of them finds nothing, so that it
// fails here.
func TestRules(t *testing.T) {
	for _, rule := range catalog.All() {
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			c, err := fixtures.LoadRule(filepath.Join(fixtureDir, rule.ID+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			testRule(t, rule, c)
		})
	}
}

func testRule(t *testing.T, rule *lint.Rule, c *fixtures.RuleCase) {
	lines, edited := map[string][]string{}, map[string]map[string][]byte{}
	for _, v := range c.Variants {
		found := run(t, rule, load(t, v.Site))
		if v.Kind != fixtures.Bad {
			if diff := cmp.Diff([]string(nil), texts(found)); diff != "" && !golden.Update() {
				t.Errorf("%s must stay silent (-want +got):\n%s", v.Name, diff)
			}
			continue
		}
		checkForm(t, v.Name, found)
		lines[v.Name], edited[v.Name] = texts(found), applied(t, v.Name, found)
		if golden.Update() {
			continue
		}
		if diff := cmp.Diff(v.Findings, lines[v.Name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", v.Name, diff)
		}
		if diff := cmp.Diff(strings.Split(flat(v.Edited), "\n"), strings.Split(flat(edited[v.Name]), "\n")); diff != "" {
			t.Errorf("%s, the files after the edits (-want +got):\n%s", v.Name, diff)
		}
	}
	if golden.Update() {
		if err := fixtures.Rewrite(c.Path, lines, edited); err != nil {
			t.Fatal(err)
		}
	}
}

// load reads a fixture as the site of a running host.
func load(t *testing.T, f *fixtures.Site) *site.Site {
	t.Helper()
	s, err := site.Load(f.Tree, site.Options{
		Root: "/", ARCVersion: f.ARCVersion, Target: f.Target, OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Evidence: f.Evidence,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// run gives what one rule finds. The rule that reports suppressions needs to
// know the others.
func run(t *testing.T, rule *lint.Rule, s *site.Site) []lint.Finding {
	t.Helper()
	rules := []*lint.Rule{rule}
	if rule == lint.Suppression {
		rules = catalog.All()
	}
	var found []lint.Finding
	for _, f := range lint.Run(s, rules).Findings {
		switch f.Rule {
		case lint.PanicRule:
			t.Fatal(f.Headline)
		case rule.ID:
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, byPlace)
	return found
}

// byPlace orders findings as the lines of the fixtures' files: the severity of one may
// change, and the others stay where they are.
func byPlace(a, b lint.Finding) int {
	p, q := a.Span.Begin(), b.Span.Begin()
	return compare.Or(
		strings.Compare(a.Path, b.Path), p.Line-q.Line, p.Column-q.Column,
		strings.Compare(a.Subject, b.Subject), strings.Compare(a.Headline, b.Headline),
	)
}

// text is a finding as a fixture writes it.
func text(f lint.Finding) string {
	if at := f.Span.Begin(); at != (source.Position{}) {
		return fmt.Sprintf("%s:%d:%d: %s: %s", f.Path, at.Line, at.Column, f.Severity, f.Headline)
	}
	return fmt.Sprintf("%s: %s: %s", f.Path, f.Severity, f.Headline)
}

func ruleOf(f lint.Finding) *lint.Rule {
	for _, r := range catalog.All() {
		if r.ID == f.Rule {
			return r
		}
	}
	return nil
}

// texts are findings as a fixture writes them: a line for the headline, and below it
// what happens, what to do and what these speak of, and the impact where it is not that
// of the rule.
func texts(findings []lint.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, text(f))
		for _, said := range []string{f.Effect, f.Action} {
			if said != "" {
				list = append(list, "  "+said)
			}
		}
		for _, item := range f.List {
			list = append(list, "  - "+item)
		}
		if own := ruleOf(f); own != nil && (f.Impact != own.Impact || f.Risk != own.Risk) {
			list = append(list, strings.TrimRight(fmt.Sprintf("  impact: %s %s", f.Impact, f.Risk), " "))
		}
	}
	return list
}

// checkForm holds a finding to what every writer relies on.
func checkForm(t *testing.T, variant string, findings []lint.Finding) {
	t.Helper()
	seen := map[string]string{}
	for _, f := range findings {
		checkWords(t, variant, f)
		checkImpactOf(t, variant, f)
		if f.Path == "" || f.Span.File != nil && f.Path != f.Span.Path() {
			t.Errorf("%s: %q has the path %q, its place %q", variant, f.Headline, f.Path, f.Span.Path())
		}
		if f.Headline != strings.TrimSpace(f.Headline) || strings.HasSuffix(f.Headline, ".") || strings.HasSuffix(f.Headline, ":") || strings.ContainsAny(f.Headline, "\n\r") {
			t.Errorf("%s: the headline %q is to be one line that ends without a period", variant, f.Headline)
		}
		if other, twice := seen[f.Fingerprint()]; twice {
			t.Errorf("%s: one fingerprint for two findings:\n%s\n%s", variant, other, text(f))
		}
		seen[f.Fingerprint()] = text(f)
	}
}

// applied gives the files that the edits of the findings change.
func applied(t *testing.T, variant string, findings []lint.Finding) map[string][]byte {
	t.Helper()
	edits := map[*source.File][]source.Edit{}
	for _, f := range findings {
		for _, e := range f.Edits {
			edits[e.Span.File] = append(edits[e.Span.File], e)
		}
	}
	files := map[string][]byte{}
	for file, list := range edits {
		data, err := source.Apply(file, list)
		if err != nil {
			t.Errorf("%s: %v", variant, err)
		}
		files[file.Path] = data
	}
	return files
}

// flat writes files as one text that a person can compare.
func flat(files map[string][]byte) string {
	var b strings.Builder
	for _, path := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "-- %s --\n%s", path, strings.ReplaceAll(string(files[path]), "\r", `\r`))
	}
	return b.String()
}

// TestBaseSites: no rule finds anything in a sound CE. False alarms are the
// worst fault of a linter.
func TestBaseSites(t *testing.T) {
	for _, version := range fixtures.Versions() {
		t.Run(version, func(t *testing.T) {
			base, err := fixtures.Base(version)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range lint.Run(load(t, base), catalog.All()).Findings {
				t.Errorf("%s: %s", f.Rule, text(f))
			}
		})
	}
}

// servesNobody is what a message says of a CE that starts and serves no client.
var servesNobody = regexp.MustCompile(`(?i)(every|no) TLS connection( to the CE)? (fails|succeeds)|ends every connection|answers (nobody|404 to every)|the CE opens no port`)

// notSure is of findings that do not say that it is so now.
var notSure = regexp.MustCompile(`^conf/upgrade-|^host/key-unreadable: the host key may not load`)

// TestStarts: a finding that says that the service does not start, or that it serves
// nobody, is one of the rules that access, whoami and negtest ask, on all fixtures.
func TestStarts(t *testing.T) {
	met := map[string]bool{}
	for _, rule := range catalog.All() {
		c, err := fixtures.LoadRule(filepath.Join(fixtureDir, rule.ID+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range c.Variants {
			for _, f := range lint.Run(load(t, v.Site), catalog.All()).Findings {
				if says := servesNobody.MatchString(f.Message()) && !notSure.MatchString(f.Rule+": "+f.Message()); says && !f.Stops && !f.Unserved {
					t.Errorf("%s %s: access, whoami and negtest do not know what check says: %s", rule.ID, v.Name, text(f))
				}
				if !f.Stops && !f.Unserved {
					continue
				}
				met[f.Rule] = true
				if !slices.ContainsFunc(catalog.Starts(), func(r *lint.Rule) bool { return r.ID == f.Rule }) {
					t.Errorf("%s %s: %s says that nobody is served, and is not asked", rule.ID, v.Name, f.Rule)
				}
			}
		}
	}
	for _, r := range catalog.Starts() {
		if r.Stops && !met[r.ID] {
			t.Errorf("%s may say that nobody is served, and no fixture has it", r.ID)
		}
	}
}
