package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/gridsec"
	"arclint/internal/report"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
	"arclint/lint/catalog"
)

const issuerOfBase = "https://issuer.example.org/dune"

// seen is a base site with something changed, as this run sees it.
func seen(t *testing.T, version string, change func(*rootfs.Mem)) *site.Site {
	t.Helper()
	f := siteNamed(t, version)
	tree := rootfs.Overlay(f.Tree)
	change(tree)
	s, err := site.Load(tree, site.Options{Root: "/", ARCVersion: f.ARCVersion, OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Evidence: f.Evidence})
	must(t, err)
	return s
}

// ofHost is the chain of a client of the grid CA: that of the host will do.
func ofHost(t *testing.T) []*gridsec.Certificate {
	t.Helper()
	chain, err := gridsec.ReadChain(siteNamed(t, "7.2.0").Tree, "/etc/grid-security/hostcert.pem")
	must(t, err)
	return chain
}

// anchorOf is the path of the file of the grid CA with the ending.
func anchorOf(t *testing.T, ending string) string {
	t.Helper()
	for _, e := range seen(t, "7.2.0", func(*rootfs.Mem) {}).GridDir.Entries {
		if strings.HasSuffix(e.Name, ending) && len(e.Name) == 8+len(ending) {
			return e.Path
		}
	}
	t.Fatal("no file " + ending)
	return ""
}

// TestUnknown: what this user may not read, and what is left out of a budget, is
// unknown to verify, trust and whoami, and never a refusal; read, it is one
// answer or the other.
func TestUnknown(t *testing.T) {
	chain := ofHost(t)
	nothing := func(*rootfs.Mem) {}
	deny := func(path string) func(*rootfs.Mem) {
		return func(m *rootfs.Mem) { must(t, m.Deny(path)) }
	}
	for _, tt := range []struct {
		name, version string
		change        func(*rootfs.Mem)
		verify, trust bool // known
		path          string
	}{
		{"all is read", "7.2.0", nothing, true, true, ""},
		{"all is read by 6.17", "6.17.0", nothing, true, true, ""},
		{"the CA", "7.2.0", deny(anchorOf(t, ".0")), false, false, anchorOf(t, ".0")},
		{"the directory", "7.2.0", deny(gridDir), false, false, gridDir},
		{"the CRL", "7.2.0", deny(anchorOf(t, ".r0")), false, false, anchorOf(t, ".r0")},
		{"the signing policy", "6.17.0", deny(anchorOf(t, ".signing_policy")), false, true, anchorOf(t, ".signing_policy")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := seen(t, tt.version, tt.change)
			v := trust.Chain(s, trust.Client, chain)
			if v.Known() != tt.verify || !v.Known() && v.Unseen != tt.path || v.Known() && !v.Accepted {
				t.Errorf("verify: accepted %v, unseen %q, want known %v, %q", v.Accepted, v.Unseen, tt.verify, tt.path)
			}
			who := admission.Ask(s, admission.Person{Chain: chain}, access.JobCreate)
			if (who.Unknown == "") != tt.verify || who.Unknown != "" && !strings.Contains(who.Unknown, tt.path) {
				t.Errorf("whoami: allowed %v, unknown %q, want known %v, %q", who.Allowed, who.Unknown, tt.verify, tt.path)
			}
			it := trust.Of(s, issuerOfBase)
			if known := it.KeyFetch == trust.FetchAccepted; known != tt.trust || !known && it.KeyFetch != trust.FetchUnknown {
				t.Errorf("trust: %s (%s), want known %v", it.KeyFetch, it.Reason, tt.trust)
			}
		})
	}
}

// TestUnknownPins: whether the keys of an issuer are pinned is not known where the
// directories cannot be read; a fetch that is refused is then no answer.
func TestUnknownPins(t *testing.T) {
	pins := "/var/spool/arc/jobstatus/tokenissuers"
	withoutCA := func(m *rootfs.Mem) {
		must(t, m.Remove(anchorOf(t, ".0")))
		must(t, m.WriteFile(pins+"/x/issuer", []byte("https://other.example.org/"), 0o644))
	}
	if it := trust.Of(seen(t, "7.2.0", withoutCA), issuerOfBase); it.KeyFetch != trust.FetchRefused {
		t.Errorf("all is read: %s, want refused", it.KeyFetch)
	}
	for _, path := range []string{pins, pins + "/x/issuer"} {
		s := seen(t, "7.2.0", func(m *rootfs.Mem) { withoutCA(m); must(t, m.Deny(path)) })
		if it := trust.Of(s, issuerOfBase); it.KeyFetch != trust.FetchUnknown || !strings.Contains(it.Reason, "tokenissuers") {
			t.Errorf("%s: %s, %s", path, it.KeyFetch, it.Reason)
		}
	}
}

// TestUnknownLists: whom a list or a pool of accounts gives which account is not
// known to whoami where it cannot be read.
func TestUnknownLists(t *testing.T) {
	const subject = "/DC=org/DC=example/CN=Jane"
	for rule, file := range map[string]string{"map_with_file=u /etc/list": "/etc/list", "map_to_pool=u /etc/pool": "/etc/pool/pool"} {
		ask := func(hide bool) access.Decision {
			s := seen(t, "7.2.0", func(m *rootfs.Mem) {
				must(t, m.WriteFile("/etc/arc.conf", []byte("[common]\nhostname=ce.example.org\n[authgroup:u]\nsubject="+subject+"\n[mapping]\n"+rule+"\n[arex]\n[arex/ws]\n[arex/ws/jobs]\nallowaccess=u\n"), 0o644))
				must(t, m.WriteFile(file, []byte("jane\n"), 0o644))
				if hide {
					must(t, m.Deny(file))
				}
			})
			return admission.Ask(s, admission.Person{Subject: subject}, access.JobCreate).Decision
		}
		if d := ask(true); d.AccountState != access.AccountUnknown {
			t.Errorf("%s: hidden: allowed %v, account %v %q, %s", rule, d.Allowed, d.AccountState, d.Account, d.Reason)
		}
		if d := ask(false); d.AccountState == access.AccountUnknown {
			t.Errorf("%s: read: account %v", rule, d.AccountState)
		}
	}
}

// TestBudgetIsDeterministic: a site that is beyond the budget gives the same bytes
// each time, however the goroutines run, and names what was left out.
func TestBudgetIsDeterministic(t *testing.T) {
	f := siteNamed(t, "ok-wlcg-igtf-7.2")
	tree := rootfs.Overlay(f.Tree)
	for i := range 40 {
		must(t, tree.WriteFile(fmt.Sprintf("%s/zz%02d.namespaces", gridDir, i), bytes.Repeat([]byte("# x\n"), 100+50*(i%7)), 0o644))
	}
	answer := func(budget int64) string {
		s, err := site.Load(tree, site.Options{Root: "/", ARCVersion: f.ARCVersion, OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Budget: budget})
		must(t, err)
		var out bytes.Buffer
		must(t, report.CheckJSON(&out, maker(), s, lint.Run(s, catalog.All())))
		return out.String()
	}
	if out := answer(0); strings.Contains(out, rootfs.ErrBudget.Error()) {
		t.Fatal("the whole site is beyond the budget")
	}
	const budget = 900_000
	first := answer(budget)
	if n := strings.Count(first, rootfs.ErrBudget.Error()); n < 3 || !strings.Contains(first, ".namespaces: "+rootfs.ErrBudget.Error()) {
		t.Errorf("%d files are named that were left out:\n%s", n, first)
	}
	for range 50 {
		if again := answer(budget); again != first {
			t.Fatalf("another answer of the same site:\n%s\nand:\n%s", first, again)
		}
	}
}

// TestStrangeLinks: where another user could have put a link to a secret, no
// command shows what stands behind it, and each says what stands there.
func TestStrangeLinks(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give links to another user")
	}
	f := siteNamed(t, "7.2.0")
	root := filepath.Join(t.TempDir(), "ce")
	must(t, writeTree(root, f.Tree))
	p := planter{t: t, root: root}
	p.write("/root/secret", "https://canary.example.org/"+p.secret()+"\n")
	p.write("/etc/grid-security/list/subjects", "/CN=x jane\n")
	links := []string{gridDir + "/0a1b2c3d.0", gridDir + "/0a1b2c3d.signing_policy", gridDir + "/canary.info", "/etc/grid-security/vomsdir/canary/a.example.org.lsc",
		"/etc/grid-security/list/link", "/var/spool/arc/jobstatus/tokenissuers/canary/issuer"}
	for _, path := range links {
		p.link("/root/secret", path)
		must(t, os.Lchown(filepath.Join(root, path), 4711, 4711))
	}
	conf, err := os.ReadFile(filepath.Join(root, "etc/arc.conf"))
	must(t, err)
	p.write("/etc/arc.conf", string(conf)+"\n[authgroup:canary]\nfile=/etc/grid-security/list/link\n")
	for _, args := range [][]string{{"check"}, {"check", "--format", "json"}, {"trust"}, {"access"}, {"whoami", "--subject", "/CN=x"}, {"verify", "--purpose", "client", filepath.Join(root, "etc/grid-security/hostcert.pem")}} {
		var stdout, stderr bytes.Buffer
		run(append([]string{"arclint", args[0], "--root", root, "--now", "2026-11-23T12:00:00Z"}, args[1:]...), &stdout, &stderr)
		out := stdout.String() + stderr.String()
		if found := p.leaks(out); found != "" {
			t.Errorf("%s shows %s", args, lineWith(out, found))
		}
		out = strings.Join(strings.Fields(out), " ") // however the lines are folded
		for _, path := range links {
			if want := path + " is a link to /root/secret, which user 4711 could have put there"; !strings.Contains(out, want) {
				t.Errorf("%s does not say %q:\n%s", args, want, out)
			}
		}
	}
}
