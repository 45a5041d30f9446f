package recipes_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOtherShells: sh may be another shell than the one in which the other tests
// run the scripts.
func TestOtherShells(t *testing.T) {
	for _, shell := range [][]string{{"dash"}, {"bash", "--posix"}, {"busybox", "sh"}} {
		t.Run(shell[0], func(t *testing.T) {
			needTools(t, shell[0], "openssl", "python3", "sha256sum", "tar")
			for _, name := range []string{"remove-anchor", "relink-hashes", "split-trust-6", "undo-arcctl-deploy"} {
				c := cases(t)[name]
				root, script := c.files.write(t), writeScript(t, c.plan)
				before := snapshot(t, root)
				inShell(t, shell, root, script)
				inShell(t, shell, root, backups(t, root)[0])
				if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
					t.Errorf("%s: -before +after the rollback\n%s", name, diff)
				}
			}
		})
	}
}

func inShell(t *testing.T, shell []string, root, script string) {
	t.Helper()
	cmd := exec.Command(shell[0], append(shell[1:len(shell):len(shell)], script)...)
	cmd.Env = []string{"ARCLINT_ROOT=" + root, "IFS=/", "CDPATH=/tmp", "ENV=/nowhere", "TMPDIR=/nowhere", "TAR_OPTIONS=--nonsense"}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

// TestOneAtATime: while one script works, another says which, and changes
// nothing.
func TestOneAtATime(t *testing.T) {
	needTools(t, "sh", "openssl", "python3", "sha256sum", "tar")
	c := cases(t)["split-trust-6"]
	root, script := c.files.write(t), writeScript(t, c.plan)
	mustRun(t, script, root, nil)
	rollback := backups(t, root)[0]
	lock, err := os.OpenFile(root+"/var/backups/arclint/lock", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, root)
	for _, file := range []string{script, rollback} {
		out, err := run(t, file, root, nil)
		if code(err) != 75 || !strings.Contains(out, "split-trust (process ") {
			t.Errorf("exit %v, and it says %q", err, out)
		}
	}
	if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
		t.Errorf("-before +after\n%s", diff)
	}
}

func code(err error) int {
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return 0
}

// TestTwoAtOnce starts a script twice: whoever comes first does all of it, and
// the other nothing or, afterwards, nothing new.
func TestTwoAtOnce(t *testing.T) {
	needTools(t, "sh", "sha256sum", "tar")
	c := cases(t)["narrow-token-rules"]
	script := writeScript(t, c.plan)
	for range 10 {
		root := c.files.write(t)
		before := snapshot(t, root)
		second := make(chan error)
		go func() {
			cmd := exec.Command("sh", script)
			cmd.Env = []string{"ARCLINT_ROOT=" + root}
			second <- cmd.Run()
		}()
		out, err := run(t, script, root, nil)
		for _, err := range []error{err, <-second} {
			if code(err) != 0 && code(err) != 75 {
				t.Errorf("exit %v:\n%s", err, out)
			}
		}
		if found := backups(t, root); len(found) != 1 {
			t.Fatalf("the backups are %q", found)
		}
		mustRun(t, backups(t, root)[0], root, nil)
		if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
			t.Errorf("-before +after the rollback\n%s", diff)
		}
	}
}

// TestDamagedBackup: what is not what was kept then is not put back, and the
// rollback says so.
func TestDamagedBackup(t *testing.T) {
	needTools(t, "sh", "sha256sum", "tar")
	c := cases(t)["narrow-token-rules"]
	for name, damage := range map[string]func(slot string) error{
		"a record that is empty": func(slot string) error { return os.Truncate(slot+"/sums", 0) },
		"no record":              func(slot string) error { return os.Remove(slot + "/sums") },
		"a piece":                func(slot string) error { return os.Truncate(slot+"/was.tar", 700) },
		"another byte": func(slot string) error {
			return exec.Command("sed", "-i", "s/hostname/hostnamE/", slot+"/was.tar").Run()
		},
		"nothing":       func(slot string) error { return os.Remove(slot + "/was.tar") },
		"another owner": func(slot string) error { return os.WriteFile(slot+"/record", []byte("kind absent\nas root\n"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			root := c.files.write(t)
			mustRun(t, writeScript(t, c.plan), root, nil)
			rollback := backups(t, root)[0]
			if err := damage(filepath.Dir(rollback) + "/001"); err != nil {
				t.Fatal(err)
			}
			after := snapshot(t, root)
			out, err := run(t, rollback, root, nil)
			if gone := strings.Contains(name, "record"); !gone && (err == nil || !strings.Contains(out, "its backup is damaged")) {
				t.Errorf("error %v, and it says\n%s", err, out)
			}
			if diff := cmp.Diff(after, snapshot(t, root)); diff != "" {
				t.Errorf("-before +after the rollback\n%s", diff)
			}
		})
	}
}
