package catalog_test

import (
	"path/filepath"
	"strings"
	"testing"

	"arclint/fixtures/golden"
	policy "arclint/internal/access"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

// answersFor are what the administrator of a site answers to the recipe upgrade.
var answersFor = map[string]map[string]string{
	"upgrade-condor-6.17": {"argus": "drop"},
}

// TestUpgrades: the recipe upgrade makes of each site upgrade-* the arc.conf
// after.conf, which the target reads without an error of arc.conf, and loses no
// comment.
func TestUpgrades(t *testing.T) {
	for _, name := range siteNames(t) {
		if !strings.HasPrefix(name, "upgrade-") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := loadNamed(t, name)
			before := st.load(t)
			r, _ := recipes.Find("upgrade")
			plan, err := r.Make(before, recipes.Params{Args: answersFor[name]})
			if err != nil {
				t.Fatal(err)
			}
			var after *site.Site
			reload := func(tree rootfs.FS) (*site.Site, error) {
				st.files, st.options.ARCVersion, st.options.Target = tree, plan.Release, ""
				after = st.load(t)
				return after, nil
			}
			run := func(s *site.Site) lint.Result { return lint.Run(s, catalog.All()) }
			_, found, err := recipes.Prove(before, st.files, plan, reload, run)
			if err != nil {
				t.Fatal(err)
			}
			golden.Check(t, filepath.Join(sitesDir, name, "after.conf"), after.Conf.Main.Data)
			for _, f := range found.Findings {
				if area, _, _ := strings.Cut(f.Rule, "/"); area == "conf" && f.Severity != lint.Note || area == "authz" && f.Severity == lint.Error {
					t.Errorf("after the upgrade %s: %s", f.Rule, text(f))
				}
			}
			keepsComments(t, before, after)
			opensNothing(t, before, after)
		})
	}
}

// opensNothing: whoever may submit afterwards has a way in today.
func opensNothing(t *testing.T, before, after *site.Site) {
	t.Helper()
	was, is := policy.Model(before), policy.Model(after)
	gridftp := before.Conf.Block("gridftpd/jobs") != nil
	for _, name := range is.GroupNames() {
		if is.Submits(name) && !was.Submits(name) && !(gridftp && was.Maps(name) != nil) {
			t.Errorf("authgroup %s submits jobs after the upgrade and does not today", name)
		}
	}
	if len(is.GroupNames()) != len(was.GroupNames()) {
		t.Errorf("the authgroups were %v and are %v", was.GroupNames(), is.GroupNames())
	}
}

// keepsComments: every comment is there again, in the same order.
func keepsComments(t *testing.T, before, after *site.Site) {
	t.Helper()
	var was, is []string
	for _, c := range before.Conf.Comments {
		was = append(was, c.Text)
	}
	for _, c := range after.Conf.Comments {
		is = append(is, c.Text)
	}
	if strings.Join(was, "\n") != strings.Join(is, "\n") {
		t.Errorf("the comments were\n%s\nand are\n%s", strings.Join(was, "\n"), strings.Join(is, "\n"))
	}
}
