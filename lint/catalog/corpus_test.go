package catalog_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/fixtures/golden"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

const corpusDir = "../../fixtures/corpus"

// corpus are the files of fixtures/corpus.
func corpus(t *testing.T) []*fixtures.CorpusSite {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpusDir, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	var all []*fixtures.CorpusSite
	for _, file := range files {
		c, err := fixtures.LoadCorpus(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func storyOfCorpus(c *fixtures.CorpusSite) story {
	return story{c.Tree, site.Options{
		ARCVersion: c.ARCVersion, Target: c.Target, Origin: "corpus", OSFamily: site.OSFamily(c.OSFamily),
		Now: c.Now, Evidence: c.Evidence,
	}}
}

// TestCorpusUpgrades: what the recipe upgrade makes of each arc.conf of ARC 6 is in
// fixtures/corpus/upgrade, with who gets in before and after. The target reads the
// result without an error that the old file does not have, no blank lines pile up,
// every comment stays, and a second run finds nothing to do.
func TestCorpusUpgrades(t *testing.T) {
	for _, c := range corpus(t) {
		if c.Target == "" {
			continue
		}
		for _, target := range []string{"7.0.0", "7.2.0"} {
			t.Run(c.Name+" to "+target, func(t *testing.T) {
				t.Parallel()
				u := upgradeOf(t, c, target)
				u.holds(t)
				if target == c.Target {
					golden.Check(t, filepath.Join(corpusDir, "upgrade", c.Name+".txt"), u.text(t))
				}
			})
		}
	}
}

// upgraded is a site of the corpus with what the recipe upgrade makes of it.
type upgraded struct {
	*fixtures.CorpusSite
	before *site.Site
	plan   recipes.Plan
	effect recipes.Effect
}

func upgradeOf(t *testing.T, c *fixtures.CorpusSite, target string) upgraded {
	t.Helper()
	st := storyOfCorpus(c)
	st.options.Target = target
	u := upgraded{CorpusSite: c, before: st.load(t)}
	r, _ := recipes.Find("upgrade")
	var err error
	u.plan, err = r.Make(u.before, recipes.Params{Args: c.Answers, Flags: recipes.Flags{"--target", target}})
	if err != nil {
		t.Fatal(err)
	}
	st.options.ARCVersion, st.options.Target, st.options.Before = target, "", u.before
	load := func(tree rootfs.FS) (*site.Site, error) { return site.Load(tree, st.options) }
	u.effect, err = recipes.Try(u.before, c.Tree, u.plan, load)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// holds says what is true of every upgrade.
func (u upgraded) holds(t *testing.T) {
	t.Helper()
	was, is := u.before.Conf.Main.Data, u.effect.Site.Conf.Main.Data
	keepsComments(t, u.before, u.effect.Site)
	if before, after := blankRun(string(was)), blankRun(string(is)); after > before {
		t.Errorf("%d blank lines in a row, where there were at most %d\n%s", after, before, is)
	}
	had := map[string]bool{}
	for _, f := range lint.Run(u.before, catalog.All()).Findings {
		had[f.Rule+" "+f.Subject] = true
	}
	for _, f := range lint.Run(u.effect.Site, catalog.All()).Findings {
		if f.Severity == lint.Error && !had[f.Rule+" "+f.Subject] {
			t.Errorf("after the upgrade a new error %s: %s", f.Rule, text(f))
		}
	}
	if err := u.effect.Undecided(u.plan); err != nil {
		t.Errorf("who gets in changes without a decision: %v", err)
	}
	u.again(t)
}

// again runs the recipe on its own result, told once more that it is ARC 6.
func (u upgraded) again(t *testing.T) {
	t.Helper()
	st := storyOfCorpus(u.CorpusSite)
	st.files = rootfs.Overlay(u.Tree)
	over := st.files.(*rootfs.Mem)
	over.SetTime(u.Now)
	if err := over.WriteFile("/etc/arc.conf", []byte(u.effect.Site.Conf.Main.Data), 0o644); err != nil {
		t.Fatal(err)
	}
	st.options.Target = u.effect.Site.Release.Version
	r, _ := recipes.Find("upgrade")
	plan, err := r.Make(st.load(t), recipes.Params{Args: u.Answers})
	if err == nil {
		t.Errorf("a second run would change: %+v", plan.Actions)
	}
}

// blankRun is the longest run of blank lines.
func blankRun(text string) (longest int) {
	run := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// text is the upgrade for a person: who gets in, what to do by hand, the changes.
func (u upgraded) text(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", u.Title)
	for _, key := range []string{"rest", "tokens", "argus", "access"} {
		if answer := u.Answers[key]; answer != "" {
			fmt.Fprintf(&b, "decided: --set %s=%s\n", key, answer)
		}
	}
	list := func(title string, lines []string) {
		fmt.Fprintf(&b, "%s: %d\n", title, len(lines))
		for _, line := range lines {
			fmt.Fprintf(&b, "- %s\n", line)
		}
		b.WriteString("\n")
	}
	if u.effect.Who.Unknown != "" {
		fmt.Fprintf(&b, "who gets in is not known: %s\n", u.effect.Who.Unknown)
	}
	list(fmt.Sprintf("who gets in otherwise, of %d clients", u.effect.Who.Asked), u.effect.Changes())
	list("before", u.plan.Before)
	list("after", u.plan.After)
	list("notes", u.plan.Notes)
	if err := recipes.Diff(&b, u.plan); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
