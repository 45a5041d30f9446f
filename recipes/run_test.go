package recipes_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/recipes"
)

// run runs a script in a temporary root with dash or what sh is here.
func run(t testing.TB, script, root string, env []string, args ...string) (output string, err error) {
	t.Helper()
	cmd := exec.Command("sh", append([]string{script}, args...)...)
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"ARCLINT_ROOT=" + root, "PATH=" + os.Getenv("PATH")}, env...)
	out, err := cmd.CombinedOutput()
	left, readErr := os.ReadDir(cmd.Dir)
	if readErr != nil {
		t.Fatal(readErr)
	}
	for _, f := range left {
		t.Errorf("the script left %q in its directory: something was executed", f.Name())
	}
	return string(out), err
}

// runTool runs a program that a script has installed, as systemd would.
func runTool(t testing.TB, tool, root string, env []string, args ...string) (output string, err error) {
	t.Helper()
	cmd := exec.Command(tool, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"ARCLINT_ROOT=" + root, "PATH=" + os.Getenv("PATH")}, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func mustRunTool(t testing.TB, tool, root string, env []string, args ...string) string {
	t.Helper()
	out, err := runTool(t, tool, root, env, args...)
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", tool, args, err, out)
	}
	return out
}

func mustRun(t testing.TB, script, root string, env []string, args ...string) string {
	t.Helper()
	out, err := run(t, script, root, env, args...)
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", script, args, err, out)
	}
	return out
}

// snapshot says of each path below root what stands there. The backups and
// what lives until the next boot are left out.
func snapshot(t testing.TB, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, root)
		if name == "/var/backups" || name == "/run" {
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text := info.Mode().String()
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			text += " -> " + target
		case info.Mode().IsRegular():
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text += fmt.Sprintf(" %x", sha256.Sum256(data))
		}
		all[name] = text
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func writeScript(t testing.TB, p recipes.Plan) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "recipe.sh")
	if err := os.WriteFile(file, render(t, recipes.Shell, p), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func backups(t testing.TB, root string) []string {
	t.Helper()
	found, err := filepath.Glob(root + "/var/backups/arclint/*/rollback.sh")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// needTools skips a test where a program is missing, and says which package of
// Debian has it.
func needTools(t testing.TB, tools ...string) {
	t.Helper()
	packages := map[string]string{"sh": "dash", "sha256sum": "coreutils", "systemd-analyze": "systemd"}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err == nil {
			continue
		}
		name, other := packages[tool]
		if !other {
			name = tool
		}
		t.Skipf("%s is not installed: install %s", tool, name)
	}
}

// TestScripts runs every script as an administrator would: to look, for real,
// again, and back.
func TestScripts(t *testing.T) {
	needTools(t, "sh", "openssl", "python3", "curl", "sha256sum")
	for name, c := range cases(t) {
		if name == "pin-issuer" {
			continue // needs the network: TestPinIssuer
		}
		t.Run(name, func(t *testing.T) {
			root, script := c.files.write(t), writeScript(t, c.plan)
			before := snapshot(t, root)

			out := mustRun(t, script, root, nil, "--dry-run")
			if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
				t.Fatalf("the dry run changed something: -before +after\n%s%s", diff, out)
			}
			if len(backups(t, root)) > 0 {
				t.Fatal("the dry run made a backup")
			}

			out = mustRun(t, script, root, nil)
			after := snapshot(t, root)
			changes := cmp.Diff(before, after) != ""
			if changes != strings.Contains(out, "to undo: ") {
				t.Fatalf("changed %v, but it says:\n%s", changes, out)
			}

			out = mustRun(t, script, root, nil)
			if diff := cmp.Diff(after, snapshot(t, root)); diff != "" {
				t.Fatalf("the second run changed something: -first +second\n%s", diff)
			}
			if !strings.Contains(out, "nothing to change") {
				t.Errorf("the second run does not say that nothing is to be changed:\n%s", out)
			}
			if !changes {
				return
			}
			if len(backups(t, root)) != 1 {
				t.Fatalf("%d backups, want that of the first run alone", len(backups(t, root)))
			}

			mustRun(t, backups(t, root)[0], root, nil)
			if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
				t.Errorf("the rollback did not restore: -before +after\n%s", diff)
			}
		})
	}
}

// TestEditRefusesAChangedFile: the offsets speak of the file that was read.
func TestEditRefusesAChangedFile(t *testing.T) {
	needTools(t, "sh", "sha256sum")
	c := cases(t)["narrow-token-rules"]
	root := c.files.with(tree{"/etc/arc.conf": arcConf + "# one line more\n"}).write(t)
	before := snapshot(t, root)
	out, err := run(t, writeScript(t, c.plan), root, nil)
	if err == nil || !strings.Contains(out, "run arclint again") {
		t.Errorf("error %v, want a refusal with the remedy:\n%s", err, out)
	}
	if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
		t.Errorf("-before +after\n%s", diff)
	}
}

// TestFailureIsLoud: a step that cannot be made stops the script and shows the
// way back.
func TestFailureIsLoud(t *testing.T) {
	needTools(t, "sh")
	p := recipes.Plan{Recipe: "test", Title: "test", Actions: []recipes.Action{
		recipes.WriteFile{Path: "/etc/first", Content: []byte("1\n"), Mode: 0o644},
		recipes.WriteFile{Path: "/etc/second", Content: []byte("2\n"), Mode: 0o644},
		recipes.WriteFile{Path: "/etc/third", Content: []byte("3\n"), Mode: 0o644},
	}}
	root := newWorld().tree().with(tree{"/etc/second/is": "a directory"}).write(t)
	before := snapshot(t, root)
	out, err := run(t, writeScript(t, p), root, nil)
	if err == nil || !strings.Contains(out, "error: /etc/second is a directory") || !strings.Contains(out, "to undo: sh ") {
		t.Fatalf("error %v, want a failure that shows the way back:\n%s", err, out)
	}
	if _, err := os.Stat(root + "/etc/third"); err == nil {
		t.Error("the script went on after the failure")
	}
	if _, err := run(t, backups(t, root)[0], root, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
		t.Errorf("-before +after the rollback\n%s", diff)
	}
}

// TestRollbackKeepsLaterChanges: what somebody changed after the recipe is not
// lost, but kept beside the backup.
func TestRollbackKeepsLaterChanges(t *testing.T) {
	needTools(t, "sh", "sha256sum", "tar")
	c := cases(t)["narrow-token-rules"]
	root := c.files.write(t)
	mustRun(t, writeScript(t, c.plan), root, nil)
	if err := os.WriteFile(root+"/etc/arc.conf", []byte("later\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	rollback := backups(t, root)[0]
	mustRun(t, rollback, root, nil)
	kept, err := exec.Command("tar", "-xOf", filepath.Join(filepath.Dir(rollback), "001.at-rollback.tar")).Output()
	if err != nil || !bytes.Equal(kept, []byte("later\n")) {
		t.Errorf("kept %q, %v, want the later file", kept, err)
	}
}
