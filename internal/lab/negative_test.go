//go:build lab

package lab_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/world"
	"arclint/internal/admission"
	"arclint/internal/gridsec"
	"arclint/internal/lab"
	"arclint/internal/live"
	"arclint/internal/mint"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

// guarded are sites by what their rules let in besides the throw-away issuer.
var guarded = map[string][]string{
	"careful":  {"authtokens=jane https://issuer.example.org/vo https://ce.example.org compute.read /vo"},
	"careless": {"authtokens=* * * * *"},
}

// TestNegative runs arclint negtest with its throw-away issuer against CEs that
// its own script has prepared: what it says of them from their files is what
// they do, and afterwards they are as they were.
func TestNegative(t *testing.T) {
	program := build(t)
	found := newSuiteRuns()
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			n := &negative{t: t, ce: open(t, s, chroot), program: program}
			ok(t, n.ce.Write(fmt.Sprintf("%s/%s.0", world.GridDir, hostCA().Hash()), string(hostCA().PEM()), 0o644))
			for name, rules := range guarded {
				found.add(s.Measured, name, n.run(name, rules))
			}
			found.sign(t, n.ce)
		})
	})
	found.compare(t)
}

// build builds arclint as people do.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "arclint")
	cmd := exec.Command("go", "build", "-o", program, "arclint/cmd/arclint")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// negative is one CE and the program that asks it.
type negative struct {
	t       *testing.T
	ce      *lab.CE
	program string
}

// run asks a CE with these rules every case, and gives what it answered to those
// that the files answer as well.
func (n *negative) run(name string, rules []string) map[string]string {
	t := n.t
	ok(t, start(t, n.ce, lab.Conf{Rules: rules}))
	before := n.changes()
	script := filepath.Join(t.TempDir(), name+".sh")
	issuer := fmt.Sprintf("https://%s:%d/negtest", world.Issuer, freePort(t))
	var report, said bytes.Buffer
	cmd := exec.Command(n.program, "negtest", "--ce", fmt.Sprintf("https://127.0.0.1:%d/arex", n.ce.Port), "--insecure", "--root", n.ce.Path("/"),
		"--test-issuer", "--issuer", issuer, "--prepare", script, "--wait", "2m", "--rate", "20", "--format", "junit")
	cmd.Stdout, cmd.Stderr = &report, &said
	ok(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	n.prepare(script, ended, &said)
	err := <-ended
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("%s: %v\n%s\n%s", name, err, said.Bytes(), report.Bytes())
	}
	ok(t, os.WriteFile(filepath.Join(*cache, fmt.Sprintf("negtest-%s-%s.xml", n.ce.Name, name)), report.Bytes(), 0o644))
	answers := n.compare(name, report.Bytes())
	n.takeBack(before)
	return answers
}

// prepare runs the script in the CE once the program has written it.
func (n *negative) prepare(script string, ended <-chan error, said *bytes.Buffer) {
	n.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		text, err := os.ReadFile(script)
		if err == nil && bytes.HasSuffix(text, []byte("\n")) && strings.Contains(string(text), "rollback") {
			ok(n.t, n.ce.Write("/root/prepare.sh", string(text), 0o700))
			break
		}
		if len(ended) > 0 || time.Now().After(end) {
			n.t.Fatalf("no script for the CE: %v\n%s", err, said.Bytes())
		}
	}
	n.sh("/root/prepare.sh")
	ok(n.t, n.ce.Remove("/root/prepare.sh"))
	if !n.ce.Await() {
		n.t.Fatal("the CE does not answer after the preparation")
	}
}

func (n *negative) sh(script string) {
	n.t.Helper()
	cmd := n.ce.Command(n.t.Context(), "sh", script)
	cmd.WaitDelay = time.Second // the service that it restarts keeps the pipe
	if out, err := cmd.CombinedOutput(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		n.t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

func (n *negative) changes() map[string]string {
	n.t.Helper()
	found, err := n.ce.Changes()
	ok(n.t, err)
	return found
}

// takeBack runs the rollback: every byte is as it was.
func (n *negative) takeBack(before map[string]string) {
	t := n.t
	list, err := n.ce.Command(t.Context(), "sh", "-c", "ls -d /var/backups/arclint/*/rollback.sh").Output()
	ok(t, err)
	n.sh(strings.TrimSpace(string(list)))
	ok(t, n.ce.Remove("/var/backups/arclint"))
	if diff := cmp.Diff(before, n.changes()); diff != "" {
		t.Errorf("the rollback does not restore every byte (-before +after):\n%s", diff)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// junit is what is read of the report.
type junit struct {
	Suites []struct {
		Cases []struct {
			Name    string   `xml:"name,attr"`
			Failure *remark `xml:"failure"`
			Error   *remark `xml:"error"`
			Skipped *remark `xml:"skipped"`
			Out     string   `xml:"system-out"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type remark struct {
	Message string `xml:"message,attr"`
}

// compare holds what the CE did against what arclint says from its files.
func (n *negative) compare(name string, report []byte) map[string]string {
	t := n.t
	var parsed junit
	ok(t, xml.Unmarshal(report, &parsed))
	static, answers, inconclusive := n.static(), map[string]string{}, 0
	for _, suite := range parsed.Suites {
		for _, c := range suite.Cases {
			id, _, _ := strings.Cut(c.Name, ":")
			outcome := string(live.Refused)
			switch {
			case c.Skipped != nil:
				continue
			case c.Error != nil:
				inconclusive++
				disagree(t, n.ce.Suite, "%s: %s is inconclusive: %s", name, id, c.Error.Message)
				continue
			case c.Failure != nil, c.Out != "":
				outcome = string(live.LetIn)
			}
			s, there := static[id]
			if !there || s.Outcome() == "does not arise" {
				continue // answered by the CE alone
			}
			answers[id] = outcome
			if s.Outcome() != outcome {
				disagree(t, n.ce.Suite, "%s: %s: the CE: %s, arclint negtest --static: %s", name, id, outcome, s.Outcome())
			}
		}
	}
	t.Logf("%s: %d cases are answered by the CE and from its files", name, len(answers))
	if len(answers) < 40 {
		t.Errorf("%s: %d cases are compared, want 40 at least", name, len(answers))
	}
	return answers
}

// static is what arclint says of the prepared CE from its files.
func (n *negative) static() map[string]admission.Result {
	t := n.t
	tree, err := rootfs.Dir(n.ce.Path("/"))
	ok(t, err)
	defer tree.Close()
	s, err := site.Load(tree, site.Options{Root: "/", Now: time.Now()})
	ok(t, err)
	set, err := mint.Make(s.Now)
	ok(t, err)
	made := admission.Made{Root: set.Root, Chains: map[string][]*gridsec.Certificate{}}
	for _, chain := range set.Chains {
		made.Chains[chain.ID] = chain.Certs
	}
	found := map[string]admission.Result{}
	for _, r := range admission.StaticFor(s, made, live.Operation).Results {
		found[r.ID] = r
	}
	return found
}
