package recipes

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var adversaryRounds = flag.Int("rounds", 3, "how often each act runs beside an adversary")

// adversaryUID is a user of whom the system knows nothing.
const adversaryUID = 61001

// TestMain lets the test binary be the adversary as well.
func TestMain(m *testing.M) {
	if dir := os.Getenv("ARCLINT_ADVERSARY"); dir != "" {
		adversary(dir)
	}
	os.Exit(m.Run())
}

// adversary owns the directory, and puts other things in the place of what stands
// in it until it is killed: links to what is root's for directories, for files
// and for the places in which root prepares files.
func adversary(control string) {
	victim := filepath.Join(filepath.Dir(control), "victim")
	if err := os.Chdir(control); err != nil {
		panic(err)
	}
	links := map[string]string{"work": victim, "work/file": victim + "/file", "work/tree": victim + "/tree", "work/link": victim + "/file"}
	for n := 0; ; n++ {
		_ = furnish(".")
		for name, target := range links {
			swap(name, target, n)
		}
		staged, _ := filepath.Glob("work/.arclint.*")
		for _, stage := range staged {
			_ = os.Rename(stage+"/new", stage+"/old")
			_ = os.Symlink(victim+"/file", stage+"/new")
			if n%2 == 0 && os.Rename(stage, fmt.Sprintf("old%d", n)) == nil {
				_ = os.Symlink(victim, stage)
			}
		}
		if n%8 == 0 { // some acts shall succeed
			old, _ := filepath.Glob("old*")
			for _, dir := range old {
				_ = os.RemoveAll(dir)
			}
			time.Sleep(time.Duration(n%5) * 20 * time.Millisecond)
		}
	}
}

// furnish puts back what the acts find in a directory, where it is gone.
func furnish(dir string) error {
	work := filepath.Join(dir, "work")
	if info, err := os.Lstat(work); err != nil || !info.IsDir() {
		_ = os.Remove(work)
	}
	err := os.MkdirAll(work+"/tree/below", 0o755)
	for name, text := range map[string]string{"/file": "first\nsecond\n", "/tree/below/file": "1\n"} {
		if data, readErr := os.ReadFile(work + name); readErr != nil || string(data) != text {
			_ = os.Remove(work + name)
			err = errors.Join(err, os.WriteFile(work+name, []byte(text), 0o644))
		}
	}
	return err
}

// swap puts a link, or a pipe, in the place of name, and that back.
func swap(name, target string, n int) {
	if os.Rename(name, "aside") != nil {
		return
	}
	if n%7 == 0 {
		_ = syscall.Mkfifo(name, 0o666)
	} else {
		_ = os.Symlink(target, name)
	}
	time.Sleep(time.Duration(n%3) * time.Millisecond)
	_ = os.Rename(name, "old"+fmt.Sprint(n))
	_ = os.Rename("aside", name)
	_ = os.RemoveAll("aside")
}

// acts are what root does below the adversary's directory: each act of the
// library, and each way back.
var acts = map[string]string{
	"write":        `content "text $n"; write_file 001 "$work/file" 644 "=$control"`,
	"write again":  `content "first$newline"; write_file 001 "$work/file" 4755 "=$control"`,
	"link":         `make_link 001 "$work/link" "to$n"`,
	"make dir":     `make_dir 001 "$work/dir$n" 755 "=$control"`,
	"remove":       `remove 001 "$work/file"`,
	"remove tree":  `remove_tree 001 "$work/tree"`,
	"set mode":     `set_mode 001 "$work/file" 6$((n % 8))$((n % 7))`,
	"set owner":    `set_owner 001 "$work/file" root:root`,
	"edit":         `start_edit 001 "$work/file" OLD NEW; [ "$editing" = no ] || { bytes 0 6; printf "third\n"; } >"$tmp/content"; [ "$editing" = no ] || finish_edit "$work/file" NEW`,
	"restore":      `content "text $n"; write_file 001 "$work/file" 644 "=$control"; restore 001 "$work/file"`,
	"restore link": `make_link 001 "$work/link" "to$n"; restore 001 "$work/link"`,
	"restore tree": `remove_tree 001 "$work/tree"; restore 001 "$work/tree"`,
	"restore dir":  `make_dir 001 "$work/dir$n" 755 "=$control"; restore 001 "$work/dir$n"`,
	"restore mode": `set_mode 001 "$work/file" 6$((n % 8))$((n % 7)); restore 001 "$work/file"`,
	"restore file": `remove 001 "$work/file"; restore 001 "$work/file"`,
	"look":         `has_sum "$work/file" OLD || :; has_link "$work/link" x || :; is_dir "$work/tree" || :; fresh_crls "$work" || :; not_empty "$work/file"`,
}

// actsScript runs an act each time that it reads a line, and writes its exit code.
func actsScript(act, base string) string {
	used := map[string]bool{}
	order, _, _ := sections(shellLibrary)
	for _, name := range order {
		if name != "base" && name != "arguments" {
			used[name] = true
		}
	}
	_, back, _ := sections(rollbackStart)
	_, frame, _ := sections(shellFrame)
	act = strings.NewReplacer("OLD", sumOf([]byte("first\nsecond\n")), "NEW", sumOf([]byte("first\nthird\n"))).Replace(act)
	return frame["start"] + "recipe=adversary\ndry_run=no\nchanged=0\npending=/nowhere\n" + library(used) + back["kept_of"] + back["restore"] +
		"keep_as_is() { :; }\nkept=0\nn=0\ncontrol=" + quote(base+"/control") + "\nwork=$control/work\n" +
		"while read -r line; do\n\tn=$((n + 1))\n\there=" + quote(base) + "/backups/$n\n\tbackup=$here\n\tmkdir -- \"$here\"\n" +
		"\tset +e\n\t(\n\t\tset -e\n\t\t" + act + "\n\t) >/dev/null 2>&1\n\tprintf '%s\\n' \"$?\"\n\tset -e\ndone\n"
}

// TestActs runs each act below a directory of another user (of the same one, where
// the test is not run as root) who leaves it alone: then all can be done but to
// give a file to root.
func TestActs(t *testing.T) {
	for name, act := range acts {
		base := actsPlace(t)
		if err := furnish(base + "/control"); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("chown", "-R", "--reference="+base+"/control", base+"/control").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		rounds(t, 1, actsScript(act, base), func(answer string) {
			if (answer == "0") == (name == "set owner") {
				t.Errorf("%s: exit %s", name, answer)
			}
		})
	}
}

// TestAdversary runs each act as root below a directory of somebody who swaps
// what stands there all the time. What is root's stays as it is, and nothing of
// it comes into his hands. Who is not root has nothing to lose there.
func TestAdversary(t *testing.T) {
	if os.Getuid() != 0 {
		return
	}
	for name, act := range acts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			besideAdversary(t, act)
		})
	}
}

// actsPlace has a directory control of another user, victim of root, and backups.
func actsPlace(t *testing.T) (base string) {
	t.Helper()
	base = t.TempDir()
	var errs []error
	for _, dir := range []string{"/victim/tree/below", "/control", "/backups"} {
		errs = append(errs, os.MkdirAll(base+dir, 0o755))
	}
	for _, file := range []string{"/file", "/keys", "/tree/below/file", "/x.r0"} {
		errs = append(errs, os.WriteFile(base+"/victim"+file, []byte("the secret of root\n"), 0o600))
	}
	errs = append(errs, os.Chmod(base, 0o755), os.Chmod(filepath.Dir(base), 0o755), os.Chmod(base+"/backups", 0o700))
	if os.Getuid() == 0 {
		errs = append(errs, os.Chown(base+"/control", adversaryUID, adversaryUID))
	}
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return base
}

func besideAdversary(t *testing.T, act string) {
	base := actsPlace(t)
	victim, control := base+"/victim", base+"/control"
	before := state(t, victim)
	startAdversary(t, control)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(control + "/work/tree/below/file"); err == nil || time.Now().After(deadline) {
			break
		}
	}
	said := map[string]int{}
	rounds(t, *adversaryRounds, actsScript(act, base), func(answer string) {
		said[answer]++
		if diff := cmp.Diff(before, state(t, victim)); diff != "" {
			t.Fatalf("-before +after %v\n%s", said, diff)
		}
	})
	leaks(t, base+"/control")
	leaks(t, base+"/backups")
	t.Logf("%s: exit codes of the rounds: %v", t.Name(), said)
}

// startAdversary runs the adversary until the test has ended.
func startAdversary(t *testing.T, control string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// He must be able to run it, wherever go test has put it.
	copied := filepath.Join(filepath.Dir(control), "adversary")
	data, err := os.ReadFile(self)
	if err == nil {
		// No child that starts meanwhile may have it open for writing.
		syscall.ForkLock.RLock()
		err = os.WriteFile(copied, data, 0o755)
		syscall.ForkLock.RUnlock()
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(copied)
	cmd.Env = []string{"ARCLINT_ADVERSARY=" + control}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: adversaryUID, Gid: adversaryUID}, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// rounds lets the script act once after the other, and calls check after each.
func rounds(t *testing.T, count int, script string, check func(answer string)) {
	t.Helper()
	cmd := exec.Command("sh", "-c", script)
	var said strings.Builder
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(out)
	for range count {
		if _, err := io.WriteString(in, "\n"); err != nil {
			t.Fatalf("%v: %s", err, said.String())
		}
		answer, err := answers.ReadString('\n')
		if err != nil {
			t.Fatalf("%v: %s", err, said.String())
		}
		check(strings.TrimSpace(answer))
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, said.String())
	}
}

// state says of each entry what it is, whose, since when, and what it holds.
func state(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		stat := info.Sys().(*syscall.Stat_t)
		var data []byte
		if info.Mode().IsRegular() {
			if data, err = os.ReadFile(name); err != nil {
				return err
			}
		}
		all[name] = fmt.Sprint(info.Mode(), stat.Uid, stat.Gid, info.ModTime().UnixNano(), stat.Nlink, string(data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// leaks looks for what is root's in the adversary's hands, and in backups, from
// which it would come back into them.
func leaks(t *testing.T, dir string) {
	t.Helper()
	out, err := exec.Command("grep", "-rlI", "--devices=skip", "the secret of root", dir).Output()
	if exit, ok := err.(*exec.ExitError); err != nil && (!ok || exit.ExitCode() > 1 && len(out) > 0) {
		t.Fatal(err)
	}
	if len(out) > 0 {
		t.Errorf("the content of a file of root stands in %s", out)
	}
}
