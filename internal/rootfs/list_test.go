//go:build unix

package rootfs

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSwappedFile puts something else in place of a file after the directory
// was listed: nothing but a regular file is read, and nothing waits.
func TestSwappedFile(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	must(t, os.WriteFile(outside, []byte("outside"), 0o644))
	swaps := map[string]func(path string) error{
		"a FIFO":             func(path string) error { return syscall.Mkfifo(path, 0o644) },
		"a link outside":     func(path string) error { return os.Symlink(outside, path) },
		"a link to a device": func(path string) error { return os.Symlink("/dev/zero", path) },
		"a link inside":      func(path string) error { return os.Symlink("other", path) },
		"a directory":        func(path string) error { return os.Mkdir(path, 0o755) },
		"a socket":           listen,
		"a larger file":      func(path string) error { return os.WriteFile(path, make([]byte, 101), 0o644) },
		"nothing":            func(path string) error { return nil },
		"a link to itself":   func(path string) error { return os.Symlink("file", path) },
	}
	wants := map[string]error{"a larger file": ErrTooLarge, "nothing": fs.ErrNotExist}
	for label, swap := range swaps {
		t.Run(label, func(t *testing.T) {
			root, err := os.MkdirTemp("", "") // short: the name of a socket may have 108 bytes
			must(t, err)
			defer os.RemoveAll(root)
			path := filepath.Join(root, "file")
			must(t, os.WriteFile(filepath.Join(root, "other"), []byte("inside"), 0o644), os.WriteFile(path, []byte("text"), 0o644))
			tree, err := Dir(root)
			must(t, err)
			defer tree.Close()
			names, err := Names(tree, "/")
			if diff := cmp.Diff([]Name{{Name: "file"}, {Name: "other"}}, names); err != nil || diff != "" {
				t.Fatalf("Names: %v (-want +got)\n%s", err, diff)
			}
			must(t, os.Remove(path), swap(path))
			want := wants[label]
			if want == nil {
				want = ErrNotRegular
			}
			if data, info, err := ReadListed(tree, "/file", 100); !errors.Is(err, want) || data != nil {
				t.Errorf("ReadListed = %q, %+v, %v, want %v", data, info, err, want)
			}
		})
	}
}

func listen(path string) error {
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return err
	}
	l.SetUnlinkOnClose(false)
	return l.Close()
}

// TestSwappedDirectory puts a link out of the root in place of a directory,
// before and after it was opened.
func TestSwappedDirectory(t *testing.T) {
	for _, opened := range []bool{false, true} {
		root, outside := t.TempDir(), t.TempDir()
		dir := filepath.Join(root, "etc/dir")
		must(t, os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "file"), []byte("inside"), 0o644),
			os.WriteFile(filepath.Join(outside, "file"), []byte("outside"), 0o644))
		tree, err := Dir(root)
		must(t, err)
		defer tree.Close()
		if opened {
			_, err := tree.Names("/etc/dir")
			must(t, err)
		}
		must(t, os.Rename(dir, dir+".old"), os.Symlink(outside, dir))
		data, _, err := tree.ReadListed("/etc/dir/file", 100)
		if opened && (string(data) != "inside" || err != nil) {
			t.Errorf("ReadListed in the directory that was opened = %q, %v, want its own file", data, err)
		}
		if !opened && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("ReadListed through a link = %q, %v, want fs.ErrNotExist", data, err)
		}
	}
}

// TestManyDirectories: beyond those that stay open, directories are opened and
// closed again.
func TestManyDirectories(t *testing.T) {
	root := t.TempDir()
	for i := range 3 * maxOpenDirs {
		dir := filepath.Join(root, fmt.Sprint(i), "a/b")
		must(t, os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "file"), []byte(fmt.Sprint(i)), 0o644), os.Symlink("file", filepath.Join(dir, "link")))
	}
	tree, err := Dir(root)
	must(t, err)
	defer tree.Close()
	var limit syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	narrow := limit
	narrow.Cur = min(limit.Cur, 2*maxOpenDirs)
	must(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &narrow))
	defer syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
	for i := range 3 * maxOpenDirs {
		dir := fmt.Sprintf("/%d/a/b", i)
		data, _, err := Read(tree, dir+"/link", 100)
		if err != nil || string(data) != fmt.Sprint(i) {
			t.Fatalf("Read(%s/link) = %q, %v", dir, data, err)
		}
		if entries, err := List(tree, dir); err != nil || len(entries) != 2 {
			t.Fatalf("List(%s) = %v, %v", dir, entries, err)
		}
	}
}

// TestListerAgrees: the cheap way says what the other one does, for a tree that
// has it and for one that has not.
func TestListerAgrees(t *testing.T) {
	tree, err := Dir(makeTree(t))
	must(t, err)
	defer tree.Close()
	for label, fsys := range map[string]FS{"tree": tree, "overlay": Overlay(tree)} {
		for _, dir := range []string{"/", "/etc", "/etc/grid-security/certificates"} {
			entries, err := fsys.ReadDir(dir)
			must(t, err)
			want := make([]Name, 0, len(entries))
			for _, e := range entries {
				want = append(want, Name{e.Name(), e.Mode.Type()})
				if !e.Mode.IsRegular() {
					continue
				}
				data, info, err := ReadListed(fsys, e.Path, 1<<20)
				plain, plainErr := fsys.ReadFile(e.Path, 1<<20)
				if err != nil || plainErr != nil || string(data) != string(plain) || info != e {
					t.Errorf("%s: ReadListed(%s) = %d bytes, %+v, %v, want %d bytes, %+v, %v", label, e.Path, len(data), info, err, len(plain), e, plainErr)
				}
			}
			got, err := Names(fsys, dir)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: Names(%s): %v (-want +got)\n%s", label, dir, err, diff)
			}
		}
		for path, want := range map[string]error{"/etc/arc.conf": ErrNotDir, "/gs": ErrNotDir, "/nothing": fs.ErrNotExist, "/etc/arc.conf/x": fs.ErrNotExist} {
			if _, err := Names(fsys, path); !errors.Is(err, want) {
				t.Errorf("%s: Names(%s): %v, want %v", label, path, err, want)
			}
		}
	}
}

// TestModes holds the modes against those that the standard library gives.
func TestModes(t *testing.T) {
	root := makeTree(t)
	must(t, os.Chmod(filepath.Join(root, "etc/large"), 0o640|fs.ModeSetuid|fs.ModeSetgid), os.Chmod(filepath.Join(root, "etc"), 0o777|fs.ModeSticky))
	tree, err := Dir(root)
	must(t, err)
	defer tree.Close()
	for _, path := range []string{"/", "/etc", "/etc/large", "/etc/arc.conf", "/etc/absolute", "/etc/fifo"} {
		want, err := os.Lstat(filepath.Join(root, path))
		must(t, err)
		got, err := tree.Lstat(path)
		if err != nil || got.Mode != want.Mode() || got.Size != want.Size() || !got.ModTime.Equal(want.ModTime()) || got.Path != path {
			t.Errorf("Lstat(%s) = %+v, %v, want %v, %d bytes, %v", path, got, err, want.Mode(), want.Size(), want.ModTime())
		}
	}
	devices, err := Dir("/dev")
	must(t, err)
	defer devices.Close()
	if info, err := devices.Lstat("/null"); err != nil || info.Mode.Type() != fs.ModeDevice|fs.ModeCharDevice {
		t.Errorf("Lstat of a device = %+v, %v", info, err)
	}
}
