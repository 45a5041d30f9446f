package rootfs

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"
)

func wantNames(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("names = %q, want %q", got, want)
	}
}

func names(t *testing.T, fsys FS, dir string) []string {
	t.Helper()
	entries, err := List(fsys, dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func base(t *testing.T) *Mem {
	t.Helper()
	m := NewMem()
	m.SetTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	must(t,
		m.WriteFile("/etc/arc.conf", []byte("old"), 0o644),
		m.WriteFile("/etc/certs/a.pem", []byte("a"), 0o644),
		m.WriteFile("/etc/certs/b.pem", []byte("b"), 0o644),
		m.Symlink("a.pem", "/etc/certs/1234.0"),
		m.Symlink("/etc/certs", "/certs"),
		m.Chown("/etc/arc.conf", 7, 8),
	)
	return m
}

func TestOverlay(t *testing.T) {
	under := base(t)
	over := Overlay(under)
	must(t,
		over.WriteFile("/etc/arc.conf", []byte("new"), 0o600),
		over.WriteFile("/certs/c.pem", []byte("c"), 0o644), // through a link of the base
		over.Remove("/certs/b.pem"),
		over.Symlink("c.pem", "/etc/certs/1234.0"),
		over.Chmod("/etc/certs/a.pem", 0o400),
		over.Mkdir("/var/spool/arc", 0o700),
	)
	wantNames(t, names(t, over, "/certs"), "1234.0", "a.pem", "c.pem")
	wantNames(t, names(t, under, "/certs"), "1234.0", "a.pem", "b.pem")
	wantNames(t, names(t, over, "/"), "certs", "etc", "var")
	for path, want := range map[string]string{"/etc/arc.conf": "new", "/etc/certs/1234.0": "c", "/etc/certs/a.pem": "a"} {
		if got, _, err := Read(over, path, 10); string(got) != want || err != nil {
			t.Errorf("%s = %q, %v, want %q", path, got, err, want)
		}
	}
	if _, _, err := Read(over, "/etc/certs/b.pem", 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("removed file: %v", err)
	}
	if info, err := Stat(over, "/etc/arc.conf"); err != nil || info.UID != 7 || info.GID != 8 || info.Mode != 0o600 {
		t.Errorf("replaced file: %+v, %v, want the owner of the old one", info, err)
	}
	if info, err := Stat(over, "/certs/a.pem"); err != nil || info.Mode != 0o400 || info.ModTime.IsZero() {
		t.Errorf("chmod: %+v, %v", info, err)
	}
	if got, _, _ := Read(under, "/etc/arc.conf", 10); string(got) != "old" {
		t.Errorf("the base was changed: %q", got)
	}
}

func TestOverlayHidesTheBase(t *testing.T) {
	over := Overlay(base(t))
	must(t, over.Remove("/etc/certs"))
	if _, err := over.Lstat("/etc/certs/a.pem"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("below a removed directory: %v", err)
	}
	must(t, over.Mkdir("/etc/certs", 0o755))
	wantNames(t, names(t, over, "/etc/certs"))
	must(t, over.WriteFile("/etc/certs/new.pem", nil, 0o644))
	wantNames(t, names(t, over, "/etc/certs"), "new.pem")
	if err := over.WriteFile("/etc/arc.conf/x", nil, 0o644); err == nil {
		t.Error("a file was written below a file")
	}
	if err := over.Remove("/"); err == nil {
		t.Error("the root was removed")
	}
}

func TestMemKinds(t *testing.T) {
	m := base(t)
	must(t,
		m.Special("/run/fifo", fs.ModeNamedPipe|0o644),
		m.Deny("/etc/arc.conf"),
		m.Link("/etc/certs/a.pem", "/hard"),
		m.Symlink("/loop", "/loop"),
	)
	tests := []struct {
		path string
		want string
		err  error
	}{
		{"/run/fifo", "", ErrNotRegular},
		{"/etc/arc.conf", "", fs.ErrPermission},
		{"/hard", "a", nil},
		{"/loop", "", ErrLoop},
		{"/etc", "", ErrNotRegular},
		{"/etc/arc.conf/x", "", fs.ErrNotExist},
	}
	for _, test := range tests {
		data, _, err := Read(m, test.path, 10)
		if string(data) != test.want || !errors.Is(err, test.err) {
			t.Errorf("Read(%q) = %q, %v, want %q, %v", test.path, data, err, test.want, test.err)
		}
	}
}

func TestMemOwnsItsBytes(t *testing.T) {
	m := NewMem()
	given := []byte("abc")
	must(t, m.WriteFile("/f", given, 0o644))
	given[0] = 'x'
	read, _ := m.ReadFile("/f", 10)
	read[1] = 'x'
	if got, _ := m.ReadFile("/f", 10); string(got) != "abc" {
		t.Errorf("content = %q, want it unchanged", got)
	}
}

// TestLinkBomb: links whose targets double the path at each step end.
func TestLinkBomb(t *testing.T) {
	m := NewMem()
	for i := range 39 {
		must(t, m.Symlink(fmt.Sprintf("l%d/l%d", i+1, i+1), fmt.Sprintf("/l%d", i)))
	}
	must(t, m.Symlink("/", "/l39"))
	if _, err := Resolve(m, "/l0"); !errors.Is(err, ErrLoop) {
		t.Errorf("err = %v, want ErrLoop", err)
	}
}

func TestLinkLimit(t *testing.T) {
	m := NewMem()
	must(t, m.WriteFile("/l0", []byte("x"), 0o644))
	for i := range 41 {
		must(t, m.Symlink(fmt.Sprintf("l%d", i), fmt.Sprintf("/l%d", i+1)))
	}
	if _, err := Resolve(m, "/l40"); err != nil {
		t.Errorf("40 links: %v", err)
	}
	if _, err := Resolve(m, "/l41"); !errors.Is(err, ErrLoop) {
		t.Errorf("41 links: %v, want ErrLoop", err)
	}
}
