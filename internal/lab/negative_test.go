//go:build lab

package lab_test

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/admission"
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
			n.runWithKey()
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
	before := changesOf(t, n.ce)
	script := filepath.Join(t.TempDir(), name+".sh")
	port, err := lab.FreePort(lab.IssuerPorts)
	ok(t, err)
	issuer := fmt.Sprintf("https://%s:%d/negtest", world.Issuer, port)
	a := n.begin("--test-issuer", "--issuer", issuer, "--prepare", script, "--wait", "2m")
	n.prepare(script, a)
	report := a.end(name)
	answers := n.compare(name, report)
	n.compareServers(name, report)
	rollBack(t, n.ce, before)
	return answers
}

// servers are the cases about the certificate of the issuer's server, and what was
// measured of them (arc-behaviour D5, D7, D8, D9, S10).
var servers = map[string]live.Outcome{
	"issuer-expired": live.Refused, "issuer-revoked": live.Refused, "issuer-other-ca": live.Refused, "issuer-client": live.Refused, "issuer-name": live.LetIn,
}

// compareServers holds what the CE did in these cases against the facts: no file
// tells of a server.
func (n *negative) compareServers(name string, report []byte) {
	got := n.outcomes(report)
	for id, want := range servers {
		if got[id] != want {
			disagree(n.t, n.ce.Suite, "%s: %s: the CE: %s, the facts: %s", name, id, got[id], want)
		}
	}
}

// asking is a run of the program.
type asking struct {
	*negative
	report, said bytes.Buffer
	ended        chan error
}

// begin starts the program on the CE and its files.
func (n *negative) begin(args ...string) *asking {
	n.t.Helper()
	a := &asking{negative: n, ended: make(chan error, 1)}
	cmd := exec.Command(n.program, append([]string{"negtest", "--ce", fmt.Sprintf("https://127.0.0.1:%d/arex", n.ce.Port), "--root", n.ce.Path("/"),
		"--rate", "20", "--format", "junit"}, args...)...)
	cmd.Stdout, cmd.Stderr = &a.report, &a.said
	ok(n.t, cmd.Start())
	go func() { a.ended <- cmd.Wait() }()
	return a
}

// end gives the report, which is also kept beside the chroots.
func (a *asking) end(name string) []byte {
	t := a.t
	t.Helper()
	err := <-a.ended
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("%s: %v\n%s\n%s", name, err, a.said.Bytes(), a.report.Bytes())
	}
	ok(t, os.WriteFile(filepath.Join(*cache, fmt.Sprintf("negtest-%s-%s.xml", a.ce.Name, name)), a.report.Bytes(), 0o644))
	return a.report.Bytes()
}

// runWithKey asks with the key of an issuer that the CE trusts, and with a token of
// it: nothing is prepared.
func (n *negative) runWithKey() {
	t := n.t
	issuer, err := lab.Serve(world.Issuer, issuerChain(), []lab.SigningKey{signingKey})
	ok(t, err)
	defer issuer.Close()
	claims := map[string]any{"iss": issuer.URL, "sub": "jane", "aud": "https://ce.example.org", "scope": "compute.read", "wlcg.groups": []string{"/vo"}, "exp": now.Unix() + 3600}
	ok(t, start(t, n.ce, lab.Conf{Rules: []string{"authtokens=jane " + issuer.URL + " https://ce.example.org compute.read /vo"}}))
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		name = filepath.Join(dir, name)
		ok(t, os.WriteFile(name, data, 0o600))
		return name
	}
	der, err := x509.MarshalPKCS8PrivateKey(signingKey.Signer)
	ok(t, err)
	key, good := write("key.pem", pki.PEM("PRIVATE KEY", der)), write("token.jwt", []byte(lab.Sign(signingKey, claims)))
	text, err := json.Marshal(claims)
	ok(t, err)
	n.compare("issuer-key", n.begin("--issuer-key", key, "--issuer", issuer.URL, "--kid", signingKey.ID, "--claims", write("claims.json", text)).end("issuer-key"))
	if ids := n.refused(n.begin("--token", good).end("token")); len(ids) < 5 {
		t.Errorf("with a token: %v are refused, want more", ids)
	}
}

// prepare runs the script in the CE once the program has written it.
func (n *negative) prepare(script string, a *asking) {
	n.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		text, err := os.ReadFile(script)
		if err == nil && bytes.HasSuffix(text, []byte("\n")) && strings.Contains(string(text), "rollback") {
			ok(n.t, n.ce.Write("/root/prepare.sh", string(text), 0o700))
			break
		}
		if len(a.ended) > 0 || time.Now().After(end) {
			n.t.Fatalf("no script for the CE: %v\n%s", err, a.said.Bytes())
		}
	}
	runIn(n.t, n.ce, "sh", "/root/prepare.sh")
	ok(n.t, n.ce.Remove("/root/prepare.sh"))
	if !n.ce.Await() {
		n.t.Fatal("the CE does not answer after the preparation")
	}
}

// junit is what is read of the report.
type junit struct {
	Suites []struct {
		Cases []struct {
			Name    string  `xml:"name,attr"`
			Failure *remark `xml:"failure"`
			Error   *remark `xml:"error"`
			Skipped *remark `xml:"skipped"`
			Out     string  `xml:"system-out"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type remark struct {
	Message string `xml:"message,attr"`
}

// compare holds what the CE did against what arclint says from its files.
func (n *negative) compare(name string, report []byte) map[string]string {
	t := n.t
	static, answers := n.static(), map[string]string{}
	for id, outcome := range n.outcomes(report) {
		s, there := static[id]
		if !there || s.Outcome() == "does not arise" {
			continue // answered by the CE alone
		}
		answers[id] = string(outcome)
		if s.Outcome() != string(outcome) {
			disagree(t, n.ce.Suite, "%s: %s: the CE: %s, arclint negtest --static: %s", name, id, outcome, s.Outcome())
		}
	}
	t.Logf("%s: %d cases are answered by the CE and from its files", name, len(answers))
	if len(answers) < 30 {
		t.Errorf("%s: %d cases are compared, want 30 at least", name, len(answers))
	}
	return answers
}

// outcomes reads the report: what was run, by case. An inconclusive one fails.
func (n *negative) outcomes(report []byte) map[string]live.Outcome {
	var parsed junit
	ok(n.t, xml.Unmarshal(report, &parsed))
	found := map[string]live.Outcome{}
	for _, suite := range parsed.Suites {
		for _, c := range suite.Cases {
			id, _, _ := strings.Cut(c.Name, ":")
			switch {
			case c.Skipped != nil:
			case c.Error != nil:
				disagree(n.t, n.ce.Suite, "%s is inconclusive: %s", id, c.Error.Message)
			case c.Failure != nil, c.Out != "":
				found[id] = live.LetIn
			default:
				found[id] = live.Refused
			}
		}
	}
	return found
}

// refused are the cases that the CE turned away.
func (n *negative) refused(report []byte) []string {
	var ids []string
	for id, outcome := range n.outcomes(report) {
		if outcome == live.Refused {
			ids = append(ids, id)
		}
	}
	return ids
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
	made := admission.Made{Root: set.Root, Chains: set.ByID()}
	found := map[string]admission.Result{}
	for _, r := range admission.StaticFor(s, made, live.Operation).Results {
		found[r.ID] = r
	}
	return found
}
