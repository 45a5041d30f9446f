package rootfs

import (
	"errors"
	"io/fs"
	"testing"
)

// TestBudget: files are read until the budget is spent, one that is left out
// costs nothing, and nothing of the kernel is read, not even through a link.
func TestBudget(t *testing.T) {
	m := NewMem()
	must(t, m.WriteFile("/a", make([]byte, 600), 0o644), m.WriteFile("/b", make([]byte, 600), 0o644), m.WriteFile("/c", make([]byte, 300), 0o644))
	must(t, m.WriteFile("/proc/kmsg", []byte("x"), 0o644), m.Symlink("/proc/kmsg", "/link"), m.WriteFile("/sys/kernel/notes", nil, 0o644))
	b := Bound(m, NewBudget(1000))
	for path, want := range map[string]error{"/link": ErrKernel, "/proc/kmsg": ErrKernel, "/sys/kernel/notes": ErrKernel, "/proc": ErrNotRegular} {
		if _, _, err := Read(b, path, 1000); !errors.Is(err, want) {
			t.Errorf("Read(%s): %v, want %v", path, err, want)
		}
	}
	if _, err := List(b, "/proc"); !errors.Is(err, ErrKernel) {
		t.Errorf("List(/proc): %v", err)
	}
	if _, _, err := b.ReadUnless("/a", 1000, func(Info) bool { return true }); err != ErrSkipped {
		t.Errorf("skipped: %v", err)
	}
	if _, err := b.ReadFile("/a", 100); !errors.Is(err, ErrTooLarge) {
		t.Errorf("beyond its own limit: %v", err)
	}
	for _, step := range []struct {
		path string
		want error
	}{{"/a", nil}, {"/b", ErrBudget}, {"/c", nil}, {"/c", ErrBudget}} {
		data, err := b.ReadFile(step.path, 1000)
		if !errors.Is(err, step.want) || (err == nil) != (data != nil) {
			t.Errorf("ReadFile(%s) = %d bytes, %v, want %v", step.path, len(data), err, step.want)
		}
	}
	if _, err := b.Names("/"); !errors.Is(err, ErrBudget) {
		t.Errorf("Names: %v", err)
	}
}

// TestLinked: two names of one file are known by their ID, in memory, in an
// overlay and on a disk.
func TestLinked(t *testing.T) {
	m := NewMem()
	must(t, m.WriteFile("/a", []byte("x"), 0o644), m.Link("/a", "/b"), m.WriteFile("/c", []byte("x"), 0o644))
	over := Overlay(m)
	must(t, over.WriteFile("/d", nil, 0o644), over.Link("/d", "/e"))
	id := func(fsys FS, path string) ID {
		t.Helper()
		info, err := fsys.Lstat(path)
		must(t, err)
		return info.ID
	}
	for _, fsys := range []FS{m, over, Bound(over, nil)} {
		if a, b := id(fsys, "/a"), id(fsys, "/b"); a != b || a == (ID{}) {
			t.Errorf("hard links: %v and %v", a, b)
		}
		if c := id(fsys, "/c"); c != (ID{}) {
			t.Errorf("a file of one name: %v", c)
		}
	}
	if a, d := id(over, "/a"), id(over, "/d"); a == d || d != id(over, "/e") {
		t.Errorf("overlay: %v and %v", a, d)
	}
	if _, err := m.Lstat("/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
