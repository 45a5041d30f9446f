//go:build lab

package lab_test

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/lab"
)

// TestWarm holds ARC's programs run by the server against the same programs run
// as they are.
func TestWarm(t *testing.T) {
	calls := [][]string{
		{"/usr/lib/arc/arcconfig-parser", "--config", "/etc/arc.conf", "--runconfig", "/run/one.cfg", "--save"},
		{"/usr/lib/arc/arcconfig-parser", "--runconfig", "/run/one.cfg", "--load", "-b", "arex", "-o", "controldir"},
		{"/usr/lib/arc/arcconfig-parser", "--runconfig", "/run/one.cfg", "--load", "-b", "arex", "-b", "common", "-o", "hostname"},
		{"/usr/lib/arc/arcconfig-parser", "--runconfig", "/run/one.cfg", "--load", "-b", "arex/ws/candypond"},
		{"/usr/lib/arc/arcconfig-parser", "--config", "/etc/arc.conf", "--export", "json"},
		{"/usr/lib/arc/arcconfig-parser", "--config", "/etc/none", "--export", "json"},
		{"/usr/lib/arc/arcconfig-parser", "--none"},
		{"/usr/lib/arc/arcconfig-parser", "--config", "/etc/odd.conf", "--export", "bash", "-b", "common"},
		{"/usr/sbin/arcctl", "--config", "/etc/arc.conf", "config", "get", "arex/ws", "wsurl"},
		{"/usr/sbin/arcctl", "--none"},
	}
	eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
		answers := map[bool][]called{}
		for _, warm := range []bool{false, true} {
			ce := openBare(t, s, chroot)
			ce.Port = 20000 // in what they print
			ok(t, ce.Configure(lab.Conf{}))
			ok(t, ce.Write("/etc/odd.conf", "[common]\nhostname = 'a\tb' \n x=\"1\"\n[common]\nhostname=ü\nnonsense\n", 0o644))
			if warm {
				ok(t, ce.Warm())
			}
			for range 2 { // nothing is left of the first time
				for _, c := range calls {
					answers[warm] = append(answers[warm], call(t, ce, c))
				}
			}
		}
		if diff := cmp.Diff(answers[false], answers[true]); diff != "" {
			t.Errorf("ARC's programs differ when they are run by the server (-as they are +by the server):\n%s", diff)
		}
	})
}

type called struct {
	Code     int
	Out, Err string
}

// passing are the time and the process in what ARC's programs log.
var passing = regexp.MustCompile(`\[[0-9]{4}-[0-9-]+ [0-9:,]+\]|\[[0-9]+\]`)

// frames are the lines of a traceback but the last, which says what was wrong.
var frames = regexp.MustCompile(`(?m)^(Traceback.*| .*)\n`)

func call(t *testing.T, ce *lab.CE, argv []string) called {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var out, err bytes.Buffer
	cmd := ce.Command(ctx, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = &out, &err
	cmd.WaitDelay = time.Second
	var exit *exec.ExitError
	if failed := cmd.Run(); failed != nil && !errors.As(failed, &exit) {
		t.Fatal(failed)
	}
	return called{cmd.ProcessState.ExitCode(), out.String(), frames.ReplaceAllString(passing.ReplaceAllString(err.String(), "[]"), "")}
}
