package recipes_test

import (
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// programCalls are the system calls by which the programs of timers change
// something, and the faults that each is given.
var programCalls = []struct{ call, faults string }{
	{"openat", "ENOSPC EROFS EIO"}, {"mkdirat,mkdir", "ENOSPC EROFS"}, {"write", "ENOSPC EIO"}, {"fchmod", "EROFS"}, {"fsync", "EIO ENOSPC"},
	{"renameat,renameat2,rename", "ENOSPC EROFS EIO"}, {"unlinkat,unlink", "EROFS"}, {"symlinkat,symlink", "ENOSPC EROFS"}, {"flock", "ENOLCK"},
}

// faultsOf runs the program with each fault at each of its calls that touch
// what is below root: an error, and being killed before the call. A run with few
// rounds makes some of them.
func faultsOf(t *testing.T, program, root string, env []string, reset func(), check func(fault string)) (count int) {
	t.Helper()
	needTools(t, "strace", "python3")
	strace := func(args ...string) string {
		log := filepath.Join(t.TempDir(), "log")
		cmd := exec.Command("strace", append(append([]string{"-f", "-qq", "-y", "-o", log}, args...), program)...)
		cmd.Env = append([]string{"ARCLINT_ROOT=" + root, "PATH=" + os.Getenv("PATH")}, env...)
		_ = cmd.Run() // it fails as it should
		data, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	turn := 0
	for _, c := range programCalls {
		reset()
		for _, n := range touching(strace("-e", "trace="+c.call), root) {
			for fault := range strings.FieldsSeq("KILL " + c.faults) {
				if turn++; *rounds < 2000 && turn%24 != 0 {
					continue
				}
				how := "error=" + fault
				if fault == "KILL" {
					how = "signal=KILL"
				}
				reset()
				strace("-e", "trace="+c.call, "-e", fmt.Sprintf("inject=%s:%s:when=%d", c.call, how, n))
				check(fmt.Sprintf("%s at %s number %d", fault, c.call, n))
				count++
			}
		}
	}
	return count
}

var tracedCall = regexp.MustCompile(`(?m)^(\d+) +[a-z0-9]+\((.*)$`)

// touching are the numbers, in its process, of the calls that speak of root or
// of a descriptor in it, and of those on pipes between the processes.
func touching(log, root string) []int {
	seen, numbers := map[string]int{}, map[int]bool{}
	for _, m := range tracedCall.FindAllStringSubmatch(log, -1) {
		seen[m[1]]++
		if strings.Contains(m[2], root) || strings.Contains(m[2], "<pipe:") {
			numbers[seen[m[1]]] = true
		}
	}
	return slices.Sorted(maps.Keys(numbers))
}

// TestRefreshFaults: after any fault each pinned file is the old or the new one,
// whole, an issuer without keys is not there, and the next run repairs.
func TestRefreshFaults(t *testing.T) {
	w := newWorld()
	is := serve(t, w, net.IPv4(127, 0, 0, 1))
	root, script, env := pinSite(t, w, is.url)
	mustRun(t, script, root, env)
	control, kept := root+"/var/spool/arc/jobstatus", filepath.Join(t.TempDir(), "kept")
	old := pinnedFiles(t, root)
	copyTree(t, control, kept)
	is.change(func() {
		is.keys = `{"keys":[` + rsaKey("two", 2048) + `]}`
		is.metadata = strings.Replace(is.metadata, "{", `{"more":1,`, 1)
	})
	news := map[string]string{"issuer": is.url, "metadata": is.now().metadata, "keys": is.now().keys}
	for name, before := range map[string]map[string]string{"first": {}, "again": old} {
		t.Run(name, func(t *testing.T) {
			reset := func() {
				removeAll(t, control)
				removeAll(t, root+"/run")
				if len(before) > 0 {
					copyTree(t, kept, control)
				} else if err := os.Mkdir(control, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			count := faultsOf(t, tool(t, root), root, env, reset, func(fault string) {
				got := pinnedFiles(t, root)
				delete(got, ".arclint.new")
				for file, text := range got {
					if text != before[file] && text != news[file] {
						t.Errorf("%s: %s is neither the old nor the new one: %q", fault, file, text)
					}
				}
				if got["issuer"] != "" && (got["keys"] == "" || got["metadata"] == "") {
					t.Errorf("%s: an issuer without its keys: %v", fault, got)
				}
				mustRunTool(t, tool(t, root), root, env)
				if diff := cmp.Diff(news, pinnedFiles(t, root)); diff != "" {
					t.Errorf("%s: the next run does not repair, -want +got\n%s", fault, diff)
				}
				if left, _ := filepath.Glob(root + "/run/arclint/*.restart"); len(left) > 0 {
					t.Errorf("%s: a restart is never made", fault)
				}
			})
			t.Logf("%d faults", count)
			if count == 0 || *rounds >= 2000 && count < 40 {
				t.Errorf("only %d faults", count)
			}
		})
	}
}

// TestSyncFaults: after any fault each name leads to the old or the new place,
// and the next run repairs.
func TestSyncFaults(t *testing.T) {
	root, run := syncSite(t)
	farm, certificates := root+"/etc/grid-security/client-certificates", root+"/etc/grid-security/certificates"
	if out, err := run(); err != nil {
		t.Fatal(err, out)
	}
	kept := filepath.Join(t.TempDir(), "kept")
	copyTree(t, farm, kept)
	old := farmOf(t, root)
	for _, change := range []error{
		os.Rename(certificates+"/ExampleGridCA.info", certificates+"/Renamed.info"),
		os.WriteFile(certificates+"/new.signing_policy", []byte("x"), 0o644),
		os.WriteFile(certificates+"/abcdef02.0", []byte("x"), 0o644),
	} {
		if change != nil {
			t.Fatal(change)
		}
	}
	if out, err := run(); err != nil {
		t.Fatal(err, out)
	}
	want := farmOf(t, root)
	if maps.Equal(old, want) {
		t.Fatal("nothing is to be done")
	}
	reset := func() {
		removeAll(t, farm)
		copyTree(t, kept, farm)
	}
	count := faultsOf(t, programOf(t), root, nil, reset, func(fault string) {
		for name, to := range farmOf(t, root) {
			if name != ".arclint.new" && to != old[name] && to != want[name] {
				t.Errorf("%s: %s leads to %s", fault, name, to)
			}
		}
		if out, err := run(); err != nil {
			t.Errorf("%s: the next run fails: %v\n%s", fault, err, out)
		}
		if diff := cmp.Diff(want, farmOf(t, root)); diff != "" {
			t.Errorf("%s: the next run does not repair, -want +got\n%s", fault, diff)
		}
	})
	t.Logf("%d faults", count)
	if count == 0 || *rounds >= 2000 && count < 40 {
		t.Errorf("only %d faults", count)
	}
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
}

func removeAll(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
}
