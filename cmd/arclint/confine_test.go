package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/internal/release"
	"arclint/internal/sandbox"
)

// What strace writes: the arguments of an open, the name of a call.
var (
	writing  = regexp.MustCompile(`O_WRONLY|O_RDWR|O_CREAT|O_TRUNC`)
	opens    = regexp.MustCompile(`^(?:\d+ +)?open(?:at2?)?\((?:(AT_FDCWD|\d+)(?:<([^>]*)>)?, )?"([^"]*)", ([^)]*)\)`)
	callName = regexp.MustCompile(`^(?:\d+ +)?(\w+)\(`)
)

// TestConfined watches the system calls of each command that reads a site: once
// the filter stands, nothing is opened outside the site, nothing is opened for
// writing, nothing is run and nothing is connected. What a command writes goes to
// its two streams.
func TestConfined(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not there: install strace")
	}
	if exec.Command(strace, "-o", os.DevNull, "true").Run() != nil {
		t.Skip("strace may not trace here: allow ptrace")
	}
	base, err := fixtures.Base("7.2.0")
	if err != nil {
		t.Fatal(err)
	}
	above, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(above, "site")
	if err := writeTree(root, base.Tree); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "arclint")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, command := range []string{
		"check", "check --format json", "trust", "access", "access --format markdown", "negtest --static",
		"whoami --subject /DC=org/DC=example/CN=Jane", "recipe --format text fix-modes", "recipe --prove edit-arc-conf",
	} {
		t.Run(command, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "trace")
			words := strings.Fields(command)
			args := append([]string{"-f", "-y", "-o", log, "-e", "trace=%file,%network,%process,seccomp", program, words[0], "--root", root}, words[1:]...)
			out, err := exec.Command(strace, args...).CombinedOutput()
			if err != nil && len(out) == 0 {
				t.Fatal(err)
			}
			trace, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			_, after, stands := bytes.Cut(trace, []byte("seccomp(SECCOMP_SET_MODE_FILTER"))
			if !stands {
				t.Fatalf("the filter is never installed:\n%s", out)
			}
			look(t, root, string(after))
		})
	}
}

// look judges the calls after the filter stands.
func look(t *testing.T, root, trace string) {
	opened, calls := 0, 0
	for line := range strings.Lines(trace) {
		name := callName.FindStringSubmatch(line)
		if name == nil {
			continue
		}
		calls++
		switch name[1] {
		case "execve", "execveat", "socket", "connect", "bind", "sendto", "sendmsg", "unlink", "unlinkat", "rename", "renameat", "renameat2",
			"mkdir", "mkdirat", "symlinkat", "linkat", "chmod", "fchmodat", "fchownat", "truncate", "ftruncate", "ptrace":
			t.Errorf("after the filter: %s", line)
		}
		m := opens.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		opened++
		place := m[2]
		if strings.HasPrefix(m[3], "/") {
			place = m[3]
		}
		if place != root && !strings.HasPrefix(place, root+"/") || writing.MatchString(m[4]) {
			t.Errorf("opened outside, or for writing: %s", line)
		}
	}
	t.Logf("%d calls, %d opened below the site", calls, opened)
	if opened < 10 {
		t.Errorf("%d files opened below the site, want the site", opened)
	}
}

// TestVerbose: who asks is told what the kernel holds, and below which directories
// the process may read.
func TestVerbose(t *testing.T) {
	root, evidence := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(evidence, "vo.example.org.pem"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ args, dirs string }{
		{"check --root " + root, root},
		{"trust --root " + root + " --evidence " + evidence, evidence + " " + root},
		{"access --example dune", ""},
	} {
		var stdout, stderr bytes.Buffer
		asked, dirs := 0, ""
		p := program{known: release.Default(), confine: func(given ...string) sandbox.Held {
			asked, dirs = asked+1, strings.Join(given, " ")
			return sandbox.Held{Missing: "this is a test"}
		}}
		p.run(append([]string{"arclint"}, strings.Fields(tt.args+" --verbose")...), &stdout, &stderr)
		if asked != 1 || dirs != tt.dirs || !strings.Contains(stderr.String(), "arclint: not confined by the kernel: this is a test\n") {
			t.Errorf("%s: asked %d times with %q, want %q: %s", tt.args, asked, dirs, tt.dirs, stderr.String())
		}
	}
}
