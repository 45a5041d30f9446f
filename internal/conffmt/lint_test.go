package conffmt_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures"
	"arclint/internal/conffmt"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
	"arclint/lint/catalog"
)

const conf = "/etc/arc.conf"

// found is what lint finds on a site with another arc.conf, without the places.
func found(t *testing.T, f *fixtures.Site, text []byte) []string {
	t.Helper()
	tree := rootfs.Overlay(f.Tree)
	info, err := tree.Lstat(conf)
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.WriteFile(conf, text, info.Mode.Perm()); err != nil {
		t.Fatal(err)
	}
	if err := tree.Chown(conf, info.UID, info.GID); err != nil {
		t.Fatal(err)
	}
	s, err := site.Load(tree, site.Options{
		Root: "/", ARCVersion: f.ARCVersion, OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Evidence: f.Evidence, OnlyUsed: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range lint.Run(s, catalog.All()).Findings {
		if strings.Contains(f.Message(), "is beside an option's name or a header") {
			continue // blanks that formatting takes away
		}
		list = append(list, fmt.Sprintf("%s: %s: %s [%s]", f.Path, f.Severity, f.Message(), f.Rule))
	}
	slices.Sort(list)
	return list
}

// TestSameFindings: on a site with a formatted arc.conf every rule finds what it
// found before, and what a directive suppressed stays suppressed.
func TestSameFindings(t *testing.T) {
	for what, text := range map[string]string{
		"whole site":        "# arclint:ignore conf/unknown-option all of them\n\n[arex]\nx=1\n[common]\ny=1\n",
		"block below":       "[arex]\na=1\n# arclint:ignore conf/unknown-option below\n\n[lrms]\nlrms=fork\nx=1\n[common]\ny=1\n",
		"option below":      "[arex]\n# arclint:ignore conf/unknown-option below\nx=1\ny=1\n[common]\nz=1\n",
		"first block":       "# arclint:ignore conf/unknown-option below\n[arex]\nx=1\n[common]\ny=1\n",
		"apart from header": "[arex]\n\n# arclint:ignore conf/unknown-option below\n\n# more\n\n[common]\ny=1\n",
		"end of file":       "[arex]\nx=1\n\n[common]\ny=1\n# arclint:ignore conf/unknown-option nothing\n",
	} {
		f, err := fixtures.Base("7.2.0")
		if err != nil {
			t.Fatal(err)
		}
		compare(t, what, f, []byte(text))
	}
}

// TestSameFindingsOnFixtures: the same of every fixture of the rules.
func TestSameFindingsOnFixtures(t *testing.T) {
	cases, err := filepath.Glob("../../fixtures/rules/conf/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../../fixtures/rules/authz/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	formatted := 0
	for _, path := range append(cases, more...) {
		c, err := fixtures.LoadRule(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range c.Variants {
			data, _, err := rootfs.Read(v.Tree, conf, 1<<20)
			if err != nil {
				continue // some have none, or one that cannot be read
			}
			if compare(t, path+" "+v.Name, v.Site, data) {
				formatted++
			}
		}
	}
	t.Logf("%d sites with a formatted arc.conf", formatted)
	if formatted < 100 {
		t.Error("few sites are formatted")
	}
}

// compare says whether the text is one that can be formatted.
func compare(t *testing.T, what string, f *fixtures.Site, text []byte) bool {
	t.Helper()
	out, err := conffmt.Format(source.New(conf, text), false)
	if err != nil {
		return false
	}
	if diff := cmp.Diff(found(t, f, text), found(t, f, out)); diff != "" {
		t.Errorf("%s (-before +after):\n%s\n%s\n%s", what, diff, text, out)
	}
	return true
}
