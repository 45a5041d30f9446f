package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"arclint/fixtures/golden"
	"arclint/internal/release"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"arclint":      main,
		"unprivileged": func() { os.Exit(unprivileged(os.Args[1:])) },
	})
}

// run is the program in the process of the tests, which nothing confines.
func run(args []string, stdout, stderr io.Writer) int {
	return program{known: release.Default()}.run(args, stdout, stderr)
}

// unprivileged runs a command that may read only what the modes of files allow:
// the superuser's gives up the capabilities that override them.
func unprivileged(args []string) int {
	if os.Getuid() == 0 {
		args = append([]string{"setpriv", "--bounding-set=-dac_override,-dac_read_search"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, err)
		return 127
	}
	return cmd.ProcessState.ExitCode()
}

// condition answers what a script asks of this machine before it goes on.
func condition(name string) (bool, error) {
	switch name {
	case "terminal":
		return exec.Command("script", "-qec", "true", "/dev/null").Run() == nil, nil
	default:
		return false, errors.New("unknown condition " + name)
	}
}

// TestScripts runs fixtures/cli: input, command and output on one page. With
// UPDATE=1 it rewrites what the scripts expect of `cmp`.
func TestScripts(t *testing.T) {
	issuer := serveIssuer(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "../../fixtures/cli",
		Cmds:                scriptCommands,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       golden.Update(),
		Condition:           condition,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ISSUER", issuer)
			return nil
		},
	})
}

// TestSomeoneElsesStreams: run writes nowhere else, and never colours what is
// no terminal.
func TestSomeoneElsesStreams(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{"arclint", "check", "--example", "dune"}, &stdout, &stderr); code != exitFindings {
		t.Errorf("exit %d, want %d; %s", code, exitFindings, &stderr)
	}
	if text := stdout.String(); text == "" || strings.Contains(text, "\x1b") {
		t.Errorf("standard output %q, want findings without colour", text)
	}
	if stderr.Len() > 0 {
		t.Errorf("standard error %q, want none", &stderr)
	}
}

// full is a stream that takes some bytes and fails then, as a full disk does.
type full struct{ left int }

var errFull = errors.New("no space left on device")

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.left)
	f.left -= n
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

// TestIncompleteAnswer: a command whose answer was not written to the end says
// so, whatever it would have said otherwise.
func TestIncompleteAnswer(t *testing.T) {
	for _, command := range []string{
		"--help", "--version", "check --help",
		"check --example dune", "check --example dune --format json",
		"trust --example dune", "trust --example dune --trace", "trust --example dune --format json",
		"recipe --example dune trust-issuer", "recipe --example dune --format diff trust-issuer",
		"recipe --example dune --format text trust-issuer", "recipe --example dune --prove trust-issuer", "recipe --list",
		"whoami --example dune --subject /CN=x", "whoami --example dune --subject /CN=x --format json",
		"access --example dune", "access --example dune --format json", "access --example dune --format markdown",
		"negtest --static --example dune", "negtest --static --example dune --format json",
		"rules", "rules --format json", "rules --format markdown", "explain trust/issuer-ca-missing",
		"diff 7.0.0 7.2.0", "diff --exit-code --format json 7.0.0 7.2.0",
		"fmt ../../fixtures/base/7.2.0/root/etc/arc.conf",
	} {
		for _, space := range []int{0, 10} {
			var stderr bytes.Buffer
			code := run(append([]string{"arclint"}, strings.Fields(command)...), &full{left: space}, &stderr)
			if code != exitUnreadable || !strings.Contains(stderr.String(), errFull.Error()) {
				t.Errorf("arclint %s with %d bytes of space: exit %d and %q, want exit %d and the error of the stream", command, space, code, &stderr, exitUnreadable)
			}
		}
	}
}

// TestClosedStream: the same for a stream that is closed already.
func TestClosedStream(t *testing.T) {
	_, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	if code := run([]string{"arclint", "rules"}, w, &stderr); code != exitUnreadable || !strings.Contains(stderr.String(), "closed") {
		t.Errorf("exit %d and %q, want exit %d and the error of the stream", code, &stderr, exitUnreadable)
	}
}
