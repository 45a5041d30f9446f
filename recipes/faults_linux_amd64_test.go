package recipes_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var everyFault = flag.Bool("every-fault", false, "interrupt each script at each change, not at a few")

// exactly says of each path below root what stands there, with owner and time.
func exactly(t testing.TB, root string) map[string]string {
	t.Helper()
	all := snapshot(t, root)
	for name := range all {
		info, err := os.Lstat(root + name)
		if err != nil {
			t.Fatal(err)
		}
		stat := info.Sys().(*syscall.Stat_t)
		if name != "/var" { // the backups stay
			all[name] += fmt.Sprintf(" %d:%d %s", stat.Uid, stat.Gid, info.ModTime().UTC().Format(time.RFC3339Nano))
		}
	}
	return all
}

// age gives everything below root times of long ago, each another.
func age(t testing.TB, root string) {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type()&fs.ModeSymlink == 0 {
			names = append(names, name)
		}
		return err
	})
	for i, name := range names {
		when := time.Date(2020, 1, 1, 0, 0, i, 123456789+i, time.UTC)
		if err == nil {
			err = os.Chtimes(name, when, when)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// attempt is a fresh site on which a script is interrupted.
type attempt struct {
	t      testing.TB
	root   string
	script string
	before map[string]string
	output *os.File
}

func newAttempt(t testing.TB, c testCase, script string) attempt {
	t.Helper()
	a := attempt{t: t, root: c.files.with(tree{"/var/backups/arclint/.keep": "\n"}).write(t), script: script}
	age(t, a.root)
	a.before = exactly(t, a.root)
	var err error
	if a.output, err = os.Create(filepath.Join(t.TempDir(), "output")); err != nil {
		t.Fatal(err)
	}
	return a
}

// run runs the script or a rollback with the fault.
func (a attempt) run(script string, f fault) (names []string, ok bool) {
	a.t.Helper()
	return traced(a.t, f, a.output, []string{"ARCLINT_ROOT=" + a.root, "PATH=" + os.Getenv("PATH")}, "/bin/sh", script)
}

// backups are the rollback scripts that are whole, the newest first.
func (a attempt) backups() []string {
	all := slices.DeleteFunc(backups(a.t, a.root), func(file string) bool { return strings.Contains(file, ".part/") })
	slices.Reverse(all)
	return all
}

// mustRun runs without a fault, and shows all that was said where it fails.
func (a attempt) mustRun(script, what string) {
	a.t.Helper()
	if _, ok := a.run(script, fault{}); !ok {
		a.t.Fatalf("%s fails; all that was said:\n%s", what, a.said())
	}
}

func (a attempt) said() string {
	text, err := os.ReadFile(a.output.Name())
	if err != nil {
		a.t.Fatal(err)
	}
	return string(text)
}

func (a attempt) compare() {
	a.t.Helper()
	if diff := cmp.Diff(a.before, exactly(a.t, a.root)); diff != "" {
		a.t.Errorf("-before +after the rollback\n%s\nall that was said:\n%s", diff, a.said())
	}
}

// after are the ways in which an administrator goes on after an interruption.
var after = []string{"undo", "again", "undo twice"}

// interrupt runs the script with the fault and goes on in that way; at the end
// all is as it was.
func (a attempt) interrupt(f fault, way string, whole bool) {
	a.t.Helper()
	_, ok := a.run(a.script, f)
	if ok && f.kind == "TERM" { // it came too late
		way = "undo"
	}
	if way == "again" && whole {
		a.mustRun(a.script, "the second run")
	}
	for _, rollback := range a.backups() {
		if way == "undo twice" {
			a.run(rollback, fault{f.at%37 + 1, f.kind})
		}
		a.mustRun(rollback, "the rollback")
	}
	a.compare()
}

// TestInterrupted interrupts the script of each recipe at its changes of files,
// in each way, and goes on in each way: at the end every byte, mode, owner and
// time is what it was.
func TestInterrupted(t *testing.T) {
	needTools(t, "sh", "openssl", "python3", "sha256sum", "tar")
	counts := map[string]int{}
	offset := 0
	for _, name := range sortedNames(cases(t)) {
		c := cases(t)[name]
		script := writeScript(t, c.plan)
		first := newAttempt(t, c, script)
		calls, whole := first.run(script, fault{})
		if !whole && name != "pin-issuer" { // it ends where it would need the network
			t.Fatalf("%s fails without a fault:\n%s", name, first.said())
		}
		step, start := 1, 0
		if !*everyFault {
			step, start = len(calls), offset*37%len(calls)
		}
		for i := start; i < len(calls); i += step {
			f := fault{i + 1, faultKinds[(i+offset)%len(faultKinds)]}
			way := after[(i/len(faultKinds)+offset)%len(after)]
			counts[f.kind]++
			t.Run(fmt.Sprintf("%s/%d-%s/%s", name, f.at, f.kind, way), func(t *testing.T) {
				t.Parallel()
				defer func() {
					if t.Failed() {
						t.Logf("the fault was at: %s", calls[i])
					}
				}()
				newAttempt(t, c, script).interrupt(f, way, whole)
			})
		}
		t.Logf("%s: %d changes of files", name, len(calls))
		offset++
	}
	t.Logf("faults: %v", counts)
}

func sortedNames[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
