//go:build lab

package lab_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/lab"
)

// runIn runs a program in the CE, as root, and gives what it says.
func runIn(t *testing.T, ce *lab.CE, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := ce.Command(ctx, name, args...)
	cmd.WaitDelay = time.Second // a service that it restarts keeps the pipe
	out, err := cmd.CombinedOutput()
	if err != nil && !strings.Contains(err.Error(), "WaitDelay") {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func changesOf(t *testing.T, ce *lab.CE) map[string]string {
	t.Helper()
	found, err := ce.Changes()
	ok(t, err)
	return found
}

// rollBack runs the rollback script of the one recipe that was applied: every
// byte is as it was, and the CE answers.
func rollBack(t *testing.T, ce *lab.CE, before map[string]string) {
	t.Helper()
	runIn(t, ce, "sh", strings.TrimSpace(runIn(t, ce, "sh", "-c", "ls -d /var/backups/arclint/*/rollback.sh")))
	ok(t, ce.Remove("/var/backups/arclint"))
	if diff := cmp.Diff(before, changesOf(t, ce)); diff != "" {
		t.Errorf("the rollback does not restore every byte (-before +after):\n%s", diff)
	}
	if !ce.Await() {
		t.Error("the CE does not answer after the rollback")
	}
}
