package catalog_test

import (
	_ "embed"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/fixtures/jobs"
	"arclint/internal/rootfs"
	"arclint/lint"
	"arclint/lint/catalog"
)

// jobsTable is what became of a job on CEs of each release (arc-behaviour J1 to J3).
//
//go:embed testdata/jobs.tsv
var jobsTable string

// jobsUndecided are the scenarios of which the files of a site do not tell: a job fails,
// and nothing is found.
var jobsUndecided = map[string]string{
	"session directory * with a home of root": "of the homes of accounts nothing is read, and a copy of a site has none",
}

// TestJobs rebuilds the scenarios: where a job was refused or failed a finding says
// so, an error but for a default queue, which jobs that name another do without; where
// it ran to its end there is no error.
func TestJobs(t *testing.T) {
	scenarios := map[string]jobs.Scenario{}
	for _, s := range jobs.Scenarios() {
		scenarios[s.Name] = s
	}
	asked := map[string]bool{}
	lines := strings.Split(strings.TrimSuffix(jobsTable, "\n"), "\n")
	for _, line := range lines[1:] {
		f := strings.Split(line, "\t")
		scenario, known := scenarios[f[0]]
		if len(f) != 3 || !known {
			t.Fatalf("%q is no row of a scenario", line)
		}
		asked[f[0]] = true
		t.Run(f[0]+" on "+f[1], func(t *testing.T) { checkJob(t, scenario, f[1], f[2]) })
	}
	for name := range scenarios {
		if !asked[name] {
			t.Errorf("%q was never measured", name)
		}
	}
}

func checkJob(t *testing.T, scenario jobs.Scenario, release, outcome string) {
	var errors, warnings []string
	for _, f := range lint.Run(load(t, jobSite(t, scenario, release)), catalog.All()).Findings {
		switch f.Severity {
		case lint.Error:
			errors = append(errors, f.Rule+": "+text(f))
		case lint.Warning:
			warnings = append(warnings, f.Rule)
		}
	}
	byDefaultQueue := strings.HasPrefix(outcome, "refused: Requested queue other") && strings.Contains(strings.Join(warnings, " "), "conf/cross-reference")
	switch runs, undecided := outcome == "finished", jobsUndecided[scenario.Name]; {
	case undecided != "":
		if len(errors) > 0 {
			t.Errorf("%s, and yet these errors are found:\n%s", undecided, strings.Join(errors, "\n"))
		}
	case !runs && len(errors) == 0 && !byDefaultQueue:
		t.Errorf("the job: %s; and no error is found", outcome)
	case runs && len(errors) > 0:
		t.Errorf("the job ran to its end, and these errors are found:\n%s", strings.Join(errors, "\n"))
	}
}

// jobSite is the base site with the files of the scenario.
func jobSite(t *testing.T, scenario jobs.Scenario, release string) *fixtures.Site {
	t.Helper()
	base, err := fixtures.Base(release)
	if err != nil {
		t.Fatal(err)
	}
	tree := rootfs.Overlay(base.Tree)
	passwd, _, err := rootfs.Read(tree, "/etc/passwd", 1<<20)
	must(t, err)
	must(t, tree.WriteFile("/etc/passwd", append(passwd, scenario.Passwd()+"\n"...), 0o644))
	must(t, tree.WriteFile("/etc/arc.conf", []byte(scenario.Conf("https://ce.example.org:443/arex")), 0o644))
	for _, p := range append([]jobs.Place{jobs.Home}, scenario.Places...) {
		must(t, put(tree, p))
	}
	base.Tree = tree
	return base
}

func put(tree *rootfs.Mem, p jobs.Place) error {
	if p.Gone {
		if _, err := tree.Lstat(p.Path); err != nil {
			return nil
		}
		return tree.Remove(p.Path)
	}
	var err error
	if p.Mode.IsDir() {
		err = tree.Mkdir(p.Path, p.Mode)
	} else {
		err = tree.WriteFile(p.Path, []byte(p.Text), p.Mode)
	}
	if err != nil {
		return err
	}
	if err := tree.Chown(p.Path, p.UID, p.UID); err != nil {
		return err
	}
	return tree.Chmod(p.Path, p.Mode)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
