//go:build lab

package lab_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"arclint/fixtures/faults"
	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/arcref"
	"arclint/internal/lab"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
)

// What docs/fidelity.md speaks of.
const (
	documentedMutations = 400
	documentedSeed      = 1
)

var (
	mutations  = flag.Int("mutations", documentedMutations, "how many configurations ARC's own checks see in each release")
	checksSeed = flag.Uint64("checks-seed", documentedSeed, "which ones")
)

//go:embed testdata/checks.py
var checksProgram string

// TestChecks lets ARC's own checks and arclint judge the same configurations,
// valid and spoilt. Where ARC's checks report an error, arclint has a finding on
// the same block or option; where they say nothing and a CE serves, arclint has no
// error but of the rules on security.
func TestChecks(t *testing.T) {
	found := newComparison()
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			c := newChecker(t, s, chroot)
			c.makeSites()
			said := c.askARC()
			for i, site := range c.sites {
				c.judge(site, said[i])
			}
			c.report()
			found.add(t, c)
		})
	})
	found.compare(t)
}

// checker compares the two on one CE.
type checker struct {
	t     *testing.T
	ce    *lab.CE
	sites []*faults.Site

	errors, answered             int            // of ARC's checks, and those that arclint has too
	silent, undisputed, disputed int            // sites of which ARC says nothing, those of them without an error of arclint, and those with one that serve
	right                        map[string]int // errors of arclint on sites of which ARC says nothing and that do not serve, by rule
	excepted                     map[string]int // and of the exceptions, by rule
}

func newChecker(t *testing.T, s lab.Suite, chroot string) *checker {
	c := &checker{t: t, ce: open(t, s, chroot), right: map[string]int{}, excepted: map[string]int{}}
	crl := pki.NewCRL(hostCA(), pki.CRLSpec{ThisUpdate: now.AddDate(0, 0, -1), NextUpdate: now.AddDate(0, 1, 0)})
	name := fmt.Sprintf("%s/%s.", world.GridDir, hostCA().Hash())
	ok(t, errors.Join(
		c.ce.Write(name+"0", string(hostCA().PEM()), 0o644),
		c.ce.Write(name+"r0", string(crl.PEM()), 0o644),
		c.ce.Write("/etc/grid-security/vomsdir/example/voms.example.org.lsc", "/DC=org/DC=example/CN=voms.example.org\n"+world.RootDN+"\n", 0o644),
		c.ce.Write("/run/lab.checks/hostname", "#!/bin/sh\necho ce.example.org\n", 0o755),
		c.ce.Write("/run/lab.checks/checks.py", checksProgram, 0o644),
	))
	return c
}

func (c *checker) makeSites() {
	ref, known := arcref.Known().For(c.ce.Measured)
	if !known {
		c.t.Fatalf("no reference of %s", c.ce.Measured)
	}
	credentials := checkCredentials()
	for i := range *mutations {
		r := rand.New(rand.NewPCG(*checksSeed, uint64(i)))
		s := faults.Make(r, ref, fmt.Sprintf("/check/%d", i), c.ce.Port, credentials)
		c.write(s)
	}
}

// write adds a site to those that are judged.
func (c *checker) write(s *faults.Site) {
	c.sites = append(c.sites, s)
	ok(c.t, c.ce.Write(s.Path("arc.conf"), s.Text(), 0o644))
	for _, f := range s.Files {
		if f.Data == nil {
			ok(c.t, c.ce.Mkdir(s.Path(f.Name)))
			ok(c.t, c.ce.Chmod(s.Path(f.Name), f.Mode))
		} else {
			ok(c.t, c.ce.Write(s.Path(f.Name), string(f.Data), f.Mode))
		}
	}
}

var checkCredentials = sync.OnceValue(func() faults.Credentials {
	like := pki.Spec{Subject: "/O=Example Hosts/CN=ce.example.org", Key: "rsa8", Issuer: hostCA(), EKU: []string{"serverAuth", "clientAuth"}, DNSNames: []string{"ce.example.org"}}
	expired, unknown, other := like, like, like
	expired.NotBefore, expired.NotAfter = now.AddDate(-2, 0, 0), now.AddDate(-1, 0, 0)
	unknown.Issuer = worlds.New(pki.Spec{Subject: "/O=Unknown/CN=Unknown CA", Key: "rsa5"})
	other.Key = "rsa6"
	return faults.Credentials{
		Cert: hostCert().PEM(), Key: hostCert().KeyPEM(), OtherKey: worlds.New(other).KeyPEM(),
		Expired: worlds.New(expired).PEM(), Unknown: worlds.New(unknown).PEM(), DHParameter: []byte(lab.DHParameters),
	}
})

// message is one of ARC's checks.
type message struct{ By, Level, Text string }

func (m message) isError() bool { return m.Level == "ERROR" || m.Level == "CRASH" }

func (c *checker) askARC() [][]message {
	c.t.Helper()
	var paths, stderr bytes.Buffer
	for _, s := range c.sites {
		fmt.Fprintln(&paths, s.Path("arc.conf"))
	}
	cmd := c.ce.Command(c.t.Context(), "/usr/bin/env", "PYTHONUTF8=1", "python3", "/run/lab.checks/checks.py")
	cmd.Stdin, cmd.Stderr = &paths, &stderr
	out, err := cmd.Output()
	if err != nil {
		c.t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var said [][]message
	for line := range bytes.Lines(out) {
		var list []message
		ok(c.t, json.Unmarshal(line, &list))
		said = append(said, list)
	}
	if len(said) != len(c.sites) {
		c.t.Fatalf("ARC's checks answer for %d of %d configurations\n%s", len(said), len(c.sites), stderr.Bytes())
	}
	return said
}

// judge holds what arclint finds in a site against what ARC says.
func (c *checker) judge(m *faults.Site, said []message) {
	s, findings := c.lint(m)
	for _, msg := range said {
		if !msg.isError() {
			continue
		}
		c.errors++
		b, known := blameOf(msg.Text)
		switch {
		case !known:
			disagree(c.t, c.ce.Suite, "%s: %s says %q, of which nobody knows what it is about", m.Dir, msg.By, msg.Text)
		case !b.answered(s, findings):
			disagree(c.t, c.ce.Suite, "%s %q: %s says %s %q, which arclint does not find\narclint: %v\n%s", m.Dir, m.Faults, msg.By, msg.Level, msg.Text, brief(findings), m.Text())
		default:
			c.answered++
		}
	}
	if len(said) == 0 {
		c.silent++
		c.dispute(m, findings)
	}
}

func (c *checker) lint(m *faults.Site) (*site.Site, []lint.Finding) {
	tree, err := rootfs.Dir(c.ce.Path("/"))
	ok(c.t, err)
	defer tree.Close()
	s, err := site.Load(tree, site.Options{Root: "/", Config: m.Path("arc.conf"), Now: time.Now(), OnlyUsed: true})
	ok(c.t, err)
	return s, lint.Run(s, catalog.All()).Findings
}

// exceptions are the rules whose errors a CE that serves does not refute.
var exceptions = map[string]string{
	"authz/access-list-ignored": "somebody gets in whom the list was to keep out",
	"authz/any-issuer":          "somebody gets in who should not",
	"authz/open-to-all":         "somebody gets in who should not",
	"authz/undefined-group":     "those who are meant by the name are kept out",
	"conf/duplicate-block":      "what was written is lost",
	"conf/missing-block":        "no queue, so that every job is refused (arc-behaviour J1)",
	"host/session-directory":    "jobs are taken and fail (arc-behaviour J2)",
}

// isException says whether the error is of a rule above; that no other block than that
// of a queue is missing, a CE that serves does refute.
func isException(f lint.Finding) bool {
	return exceptions[f.Rule] != "" && (f.Rule != "conf/missing-block" || f.Subject == "queue")
}

// dispute lets a CE decide about errors of arclint where ARC says nothing.
func (c *checker) dispute(m *faults.Site, findings []lint.Finding) {
	var others []lint.Finding
	for _, f := range findings {
		switch {
		case f.Severity != lint.Error:
		case isException(f):
			c.excepted[f.Rule]++
		default:
			others = append(others, f)
		}
	}
	if len(others) == 0 {
		c.undisputed++
		return
	}
	if c.serves(m) {
		c.disputed++
		disagree(c.t, c.ce.Suite, "%s %q: ARC says nothing and the CE serves; arclint has errors: %v\n%s", m.Dir, m.Faults, brief(others), m.Text())
		return
	}
	for _, f := range others {
		c.right[f.Rule]++
	}
}

// serves says whether the CE starts with the site, lets a user of the authgroup
// in, and would move his jobs on.
func (c *checker) serves(m *faults.Site) bool {
	ok(c.t, c.ce.Stop())
	ok(c.t, c.ce.Write("/etc/arc.conf", m.Text(), 0o644))
	if err := c.ce.Start(); err != nil {
		return false
	}
	return c.ce.AskWithCertificate([]*pki.Entity{gridUser()}).Accepted() && c.ce.RunsJobs()
}

var gridUser = sync.OnceValue(func() *pki.Entity {
	return worlds.New(pki.Spec{Subject: "/DC=org/DC=example/CN=Grid User", Issuer: hostCA(), EKU: []string{"clientAuth"}})
})

func brief(findings []lint.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, fmt.Sprintf("\n  %s %s %s: %s", f.Severity, f.Rule, f.Path, f.Message()))
	}
	return list
}

func (c *checker) report() {
	c.t.Logf("%d configurations: %d errors of ARC's checks, %d of them found by arclint", len(c.sites), c.errors, c.answered)
	c.t.Logf("of %d ARC's checks say nothing: arclint has no error in %d; where the CE does not serve it has %v; exceptions: %v",
		c.silent, c.undisputed, c.right, c.excepted)
	if n := len(c.sites); n >= 100 && (c.errors < n/4 || c.silent < n/20) {
		c.t.Error("the faults have gone astray: these numbers show that little was compared")
	}
}
