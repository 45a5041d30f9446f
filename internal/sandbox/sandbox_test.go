//go:build linux

package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const (
	inside  = "ARCLINT_TEST_INSIDE"
	outside = "ARCLINT_TEST_OUTSIDE"
)

// TestMain is also the process that is confined: it goes into the sandbox and
// tries what a broken reader would.
func TestMain(m *testing.M) {
	if dir := os.Getenv(inside); dir != "" {
		attack(dir, os.Getenv(outside))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// attack enters the sandbox of one directory and says what still works.
func attack(in, out string) {
	pipe := make(chan error)
	go func() { pipe <- nil; <-pipe }() // a thread that is there before
	<-pipe
	held := Enter(in)
	fmt.Println("held:", held)
	for _, try := range []struct {
		name string
		do   func() error
	}{
		{"read inside", func() error { _, err := os.ReadFile(filepath.Join(in, "file")); return err }},
		{"list inside", func() error { _, err := os.ReadDir(in); return err }},
		{"read outside", func() error { _, err := os.ReadFile(filepath.Join(out, "file")); return err }},
		{"list outside", func() error { _, err := os.ReadDir(out); return err }},
		{"read through a link", func() error { _, err := os.ReadFile(filepath.Join(in, "link")); return err }},
		{"write inside", func() error { return os.WriteFile(filepath.Join(in, "new"), nil, 0o600) }},
		{"truncate inside", func() error { return os.Truncate(filepath.Join(in, "file"), 0) }},
		{"remove inside", func() error { return os.Remove(filepath.Join(in, "file")) }},
		{"rename inside", func() error { return os.Rename(filepath.Join(in, "file"), filepath.Join(in, "other")) }},
		{"link inside", func() error { return os.Symlink("x", filepath.Join(in, "l")) }},
		{"change a mode", func() error { return os.Chmod(filepath.Join(in, "file"), 0o777) }},
		{"change a time", func() error { return os.Chtimes(filepath.Join(in, "file"), time.Time{}, time.Now()) }},
		{"run", func() error { return exec.Command("/bin/true").Run() }},
		{"listen", func() error { l, err := net.Listen("tcp", "127.0.0.1:0"); closeIf(l, err); return err }},
		{"UDP socket", func() error { _, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0); return err }},
		{"Unix socket", func() error { _, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0); return err }},
		{"name space", func() error { return unix.Unshare(unix.CLONE_NEWUSER) }},
	} {
		err := try.do()
		result := "works"
		if errors.Is(err, fs.ErrPermission) {
			result = "refused"
		} else if err != nil {
			result = err.Error()
		}
		fmt.Printf("%s: %s\n", try.name, result)
	}
}

func closeIf(l net.Listener, err error) {
	if err == nil {
		l.Close()
	}
}

// TestEnter: below the directory everything is read, and nothing else works, not
// even for root.
func TestEnter(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	for _, dir := range []string{in, out} {
		if err := os.WriteFile(filepath.Join(dir, "file"), []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(out, "file"), filepath.Join(in, "link")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), inside+"="+in, outside+"="+out)
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	first, rest, _ := strings.Cut(string(said), "\n")
	if strings.Contains(first, "no Landlock") {
		t.Skip("this kernel has no Landlock")
	}
	tries := 0
	for line := range strings.Lines(rest) {
		name, result, _ := strings.Cut(strings.TrimSpace(line), ": ")
		want := "refused"
		if name == "read inside" || name == "list inside" {
			want = "works"
		}
		tries++
		if result != want {
			t.Errorf("%s: %s, want %s", name, result, want)
		}
	}
	if tries != 17 {
		t.Errorf("%d tries, want 17:\n%s", tries, said)
	}
	if text, err := os.ReadFile(filepath.Join(in, "file")); err != nil || string(text) != "text" {
		t.Errorf("the file afterwards: %q (%v)", text, err)
	}
}

func TestHeld(t *testing.T) {
	for want, h := range map[string]Held{
		"confined: this process opens files below the site only, and none for writing (Landlock), has no TCP (Landlock), starts no program and opens no socket (seccomp)": {Files: true, Network: true, Programs: true},
		"not confined by the kernel: this kernel has no Landlock":                                                              {Missing: "this kernel has no Landlock"},
		"confined: this process starts no program and opens no socket (seccomp); not all is held: this kernel has no Landlock": {Programs: true, Missing: "this kernel has no Landlock"},
	} {
		if got := h.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
