//go:build unix

package rootfs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// makeTree lays out a directory with one of each kind of entry.
func makeTree(t testing.TB) string {
	t.Helper()
	root := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(filepath.Join(root, "etc/grid-security/certificates"), 0o755))
	must(os.WriteFile(filepath.Join(root, "etc/arc.conf"), []byte("[common]\n"), 0o640))
	must(os.WriteFile(filepath.Join(root, "etc/large"), make([]byte, 1000), 0o600))
	must(os.Symlink("/etc/arc.conf", filepath.Join(root, "etc/absolute")))
	must(os.Symlink("../../../../../etc/arc.conf", filepath.Join(root, "etc/dotdot")))
	must(os.Symlink("/etc/grid-security", filepath.Join(root, "gs")))
	must(os.Symlink("b", filepath.Join(root, "a")))
	must(os.Symlink("a", filepath.Join(root, "b")))
	must(os.Symlink("nowhere", filepath.Join(root, "dangling")))
	must(syscall.Mkfifo(filepath.Join(root, "etc/fifo"), 0o644))
	return root
}

func TestTree(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("outside"), 0o644); err != nil {
		t.Fatal(err)
	}
	root := makeTree(t)
	if err := os.Symlink(outside, filepath.Join(root, "etc/leak")); err != nil {
		t.Fatal(err)
	}
	tree, err := Dir(root)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	tests := []struct {
		path  string
		limit int64
		want  string
		err   error
	}{
		{"/etc/arc.conf", 100, "[common]\n", nil},
		{"etc//./arc.conf", 100, "[common]\n", nil},
		{"/etc/absolute", 100, "[common]\n", nil},
		{"/etc/dotdot", 100, "[common]\n", nil},
		{"/../../etc/arc.conf", 100, "[common]\n", nil},
		{"/gs/../arc.conf", 100, "[common]\n", nil}, // ".." after a link leaves what it leads to
		{"/etc/arc.conf", 9, "[common]\n", nil},
		{"/etc/arc.conf", 8, "", ErrTooLarge},
		{"/etc/large", 999, "", ErrTooLarge},
		{"/etc/fifo", 100, "", ErrNotRegular},
		{"/etc", 100, "", ErrNotRegular},
		{"/", 100, "", ErrNotRegular},
		{"/a", 100, "", ErrLoop},
		{"/dangling", 100, "", fs.ErrNotExist},
		{"/etc/arc.conf/x", 100, "", fs.ErrNotExist},
		{"/etc/leak", 100, "", fs.ErrNotExist},
	}
	for _, test := range tests {
		data, _, err := Read(tree, test.path, test.limit)
		if string(data) != test.want || !errors.Is(err, test.err) {
			t.Errorf("Read(%q, %d) = %q, %v, want %q, %v", test.path, test.limit, data, err, test.want, test.err)
		}
	}
}

// TestTreeIsTight asks the tree itself, without Resolve, for paths that have
// links in them, as a link put in place during a run would.
func TestTreeIsTight(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("outside"), 0o644); err != nil {
		t.Fatal(err)
	}
	root := makeTree(t)
	for name, target := range map[string]string{"leak": outside, "etc/up": "../../" + filepath.Base(outside), "etc/file": outside + "/secret"} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Dir(root)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for _, path := range []string{"/leak/secret", "/etc/up/secret", "/etc/file", "/etc/../../" + filepath.Base(outside) + "/secret"} {
		if data, err := tree.ReadFile(path, 100); err == nil {
			t.Errorf("ReadFile(%q) = %q, want an error", path, data)
		}
		if _, err := tree.ReadDir(filepath.Dir(path)); err == nil && filepath.Dir(path) != "/etc" {
			t.Errorf("ReadDir(%q) gave entries, want an error", filepath.Dir(path))
		}
	}
}

func TestTreeInfo(t *testing.T) {
	tree, err := Dir(makeTree(t))
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	info, err := Stat(tree, "/gs/../absolute")
	if err != nil {
		t.Fatal(err)
	}
	if info.Path != "/etc/arc.conf" || info.Mode != 0o640 || info.UID != os.Getuid() || info.Size != 9 || info.ModTime.IsZero() {
		t.Errorf("Stat = %+v", info)
	}
	link, err := Lstat(tree, "/gs/../absolute")
	if err != nil || link.Path != "/etc/absolute" || link.Mode&fs.ModeSymlink == 0 {
		t.Errorf("Lstat = %+v, %v", link, err)
	}
	entries, err := List(tree, "/gs/..")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	wantNames(t, names, "absolute", "arc.conf", "dotdot", "fifo", "grid-security", "large")
}
