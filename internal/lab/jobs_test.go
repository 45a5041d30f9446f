//go:build lab

package lab_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"arclint/fixtures/golden"
	"arclint/fixtures/jobs"
	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/lab"
)

// jobRows are what became of the jobs, for the test of the catalog where there is no
// lab.
const jobRows = "../../lint/catalog/testdata/jobs.tsv"

// TestJobs lets CEs take a job of each scenario and look after it to its end.
func TestJobs(t *testing.T) {
	var mu sync.Mutex
	var rows []string
	var asked roll
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			for _, scenario := range jobs.Scenarios() {
				row := strings.Join([]string{scenario.Name, s.Measured, outcomeOf(t, s, chroot, scenario, &asked)}, "\t")
				t.Log(row)
				mu.Lock()
				rows = append(rows, row)
				mu.Unlock()
			}
		})
	})
	if asked.whole(t) {
		slices.Sort(rows)
		golden.Check(t, jobRows, []byte("scenario\trelease\tjob\n"+strings.Join(rows, "\n")+"\n"))
	}
}

// outcomeOf asks a CE of its own, and another where a machine under load lets it come up
// too late.
func outcomeOf(t *testing.T, s lab.Suite, chroot string, scenario jobs.Scenario, asked *roll) string {
	var failed error
	for range 1 + startsMore {
		ce := open(t, s, chroot)
		furnishJobs(t, ce, scenario)
		if failed = ce.Start(); failed == nil && !ce.LookAfterJobs() {
			failed = errors.New("A-REX does not start")
		}
		var outcome string
		if failed == nil {
			outcome, failed = ce.JobOutcome([]*pki.Entity{hostCert(), hostCA()}, scenario.Queue)
		}
		asked.sign(t, ce)
		ce.Close()
		if failed == nil {
			return outcome
		}
		t.Logf("%s: %v", scenario.Name, failed)
	}
	t.Errorf("%s: %v", scenario.Name, failed)
	return "no answer"
}

// furnishJobs gives the CE the files of the scenario.
func furnishJobs(t *testing.T, ce *lab.CE, scenario jobs.Scenario) {
	t.Helper()
	passwd, err := ce.Read("/etc/passwd")
	ok(t, errors.Join(err,
		ce.Write(fmt.Sprintf("%s/%s.0", world.GridDir, hostCA().Hash()), string(hostCA().PEM()), 0o644),
		ce.Write("/etc/arc.conf", scenario.Conf(fmt.Sprintf("https://ce.example.org:%d/arex", ce.Port)), 0o644),
		ce.Write("/etc/passwd", passwd+scenario.Passwd()+"\n", 0o644)))
	for _, p := range append([]jobs.Place{jobs.Home}, scenario.Places...) {
		ok(t, furnish(ce, p))
	}
}

func furnish(ce *lab.CE, p jobs.Place) error {
	switch {
	case p.Gone:
		return ce.Remove(p.Path)
	case p.Mode.IsDir():
		return errors.Join(ce.Mkdir(p.Path), ce.Own(p.Path, p.UID), ce.Chmod(p.Path, p.Mode&^fs.ModeDir))
	}
	return errors.Join(ce.Write(p.Path, p.Text, p.Mode), ce.Own(p.Path, p.UID))
}
