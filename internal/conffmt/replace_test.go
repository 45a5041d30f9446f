//go:build linux

package conffmt

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "arc.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// holds wants the text in the file, and nothing else in its directory.
func holds(t *testing.T, path, want string, others ...string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("the file holds %q, %v, want %q", got, err, want)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1+len(others) {
		t.Errorf("%v stand in the directory, %v, want nothing left behind", entries, err)
	}
}

func TestReplace(t *testing.T) {
	path := write(t, "was")
	if err := os.Chmod(path, 0o640|os.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(path, 12, 34); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o640|os.ModeSetgid); err != nil {
			t.Fatal(err)
		}
	}
	attribute := unix.Setxattr(path, "user.arclint", []byte("kept"), 0) == nil
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Replace(path, []byte("was"), []byte("now")); err != nil {
		t.Fatal(err)
	}
	holds(t, path, "now")
	after, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	old, now := before.Sys().(*syscall.Stat_t), after.Sys().(*syscall.Stat_t)
	if before.Mode() != after.Mode() || old.Uid != now.Uid || old.Gid != now.Gid {
		t.Errorf("%v %d:%d became %v %d:%d", before.Mode(), old.Uid, old.Gid, after.Mode(), now.Uid, now.Gid)
	}
	value := make([]byte, 10)
	if n, err := unix.Getxattr(path, "user.arclint", value); attribute && (err != nil || string(value[:n]) != "kept") {
		t.Errorf("the extended attribute is %q, %v", value[:n], err)
	}
}

func TestReplaceRefuses(t *testing.T) {
	path := write(t, "was")
	link := filepath.Join(filepath.Dir(path), "link")
	if err := os.Symlink("arc.conf", link); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		link:                             "symbolic link",
		filepath.Dir(path):               "no regular file",
		path + ".gone":                   "no such file",
		filepath.Join(path, "below"):     "not a directory",
		path[:len(path)-1] + "\x00":      "invalid",
		filepath.Join(path, "..", "nil"): "no such file",
	} {
		if err := Replace(name, []byte("was"), []byte("now")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one with %q", name, err, want)
		}
	}
	for _, was := range []string{"", "wa", "was not"} {
		if err := Replace(path, []byte(was), []byte("now")); err == nil || !strings.Contains(err.Error(), "somebody else") {
			t.Errorf("with %q in mind: error %v, want that it was changed", was, err)
		}
	}
	holds(t, path, "was", "link")
	if err := os.Link(path, path+".2"); err != nil {
		t.Fatal(err)
	}
	if err := Replace(path, []byte("was"), []byte("now")); err == nil || !strings.Contains(err.Error(), "2 names") {
		t.Errorf("error %v, want that it has two names", err)
	}
	holds(t, path, "was", "link", "arc.conf.2")
}
