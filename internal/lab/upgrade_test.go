//go:build lab

package lab_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/arcconf"
	"arclint/internal/lab"
	"arclint/internal/source"
)

// upgraded are the sites of ARC 6 with the arc.conf that the recipe upgrade makes
// of theirs.
var upgraded = []string{"upgrade-slurm-6.17", "upgrade-condor-6.17", "upgrade-fork-6.17"}

// TestUpgrade asks ARC 6.17 with the arc.conf of a site and the releases of ARC 7
// with the one that the recipe makes of it: the same are let in, to the same
// accounts.
func TestUpgrade(t *testing.T) {
	answers := newAnswers()
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			for _, name := range upgraded {
				u := upgrade{t: t, ce: open(t, s, chroot), name: name}
				answers.sign(t, u.ce)
				answers.add(s.Measured, name, u.ask())
			}
		})
	})
	answers.compare(t)
}

// upgrade is one site on one CE.
type upgrade struct {
	t    *testing.T
	ce   *lab.CE
	name string
}

// ask gives what the CE answers each visitor.
func (u *upgrade) ask() map[string]string {
	t, ce := u.t, u.ce
	issuer, err := lab.Serve(world.Issuer, []*pki.Entity{issuerCert(), hostCA()}, []lab.SigningKey{signingKey})
	ok(t, err)
	defer issuer.Close()
	u.install()
	text := u.conf(issuer.URL)
	ok(t, errors.Join(ce.Stop(), ce.Write("/etc/arc.conf", text, 0o644)))
	if err := ce.Start(); err != nil {
		t.Fatalf("%s: %v\n%s", u.name, err, text)
	}
	found := map[string]string{}
	for who, subject := range visitors {
		cert := worlds.New(pki.Spec{Subject: subject, Issuer: hostCA(), EKU: []string{"clientAuth"}})
		found[who] = answerOf(ce.AskWithCertificate([]*pki.Entity{cert}))
	}
	for who, claims := range tokens(issuer.URL) {
		found[who] = answerOf(ce.AskWithToken(lab.Sign(signingKey, claims)))
	}
	return found
}

// answerOf leaves out the status of a refusal, which differs between releases.
func answerOf(a lab.Answer) string {
	if a.Accepted() {
		return "let in as " + a.Account
	}
	return refused
}

// visitors with certificates, by what the sites have them for.
var visitors = map[string]string{
	"a user of the lists":  "/DC=org/DC=example/CN=Some User",
	"the robot":            "/DC=org/DC=example/CN=Robot - grid monitoring",
	"one who was put out":  "/DC=org/DC=example/CN=Former User",
	"one who is banned":    "/DC=org/DC=example/CN=Banned User",
	"somebody of the grid": "/DC=org/DC=example/CN=Somebody Else",
}

// tokens are those of the site's issuer, for this CE and for others.
func tokens(issuer string) map[string]map[string]any {
	make := func(subject, audience string) map[string]any {
		return map[string]any{"iss": issuer, "sub": subject, "aud": audience, "scope": "compute.create compute.read",
			"iat": now.Unix() - 60, "nbf": now.Unix() - 60, "exp": now.Unix() + 3600}
	}
	return map[string]map[string]any{
		"the factory's token":               make("5d0b0a3c-6f0e-4a5e-9d53-2b1f9c7c9a01", "https://ce.example.org"),
		"another subject's token":           make("another", "https://ce.example.org"),
		"the factory's token for elsewhere": make("5d0b0a3c-6f0e-4a5e-9d53-2b1f9c7c9a01", "https://other.example.org"),
	}
}

var issuerCert = func() *pki.Entity {
	return worlds.New(pki.Spec{Subject: "/O=Example Hosts/CN=" + world.Issuer, Issuer: hostCA(), EKU: []string{"serverAuth"}, DNSNames: []string{world.Issuer}})
}

// install gives the CE the files and the accounts of the site.
func (u *upgrade) install() {
	site, err := fixtures.LoadSite(filepath.Join(sites, u.name))
	ok(u.t, err)
	for _, name := range []string{"/etc/grid-security/lists", "/etc/grid-security/pool", "/etc/grid-security/banned"} {
		u.copy(site, name)
	}
	for _, account := range []string{"physics", "local", "monitor", "prod", "dune", "griduser"} {
		cmd := u.ce.Command(u.t.Context(), "useradd", "--create-home", account)
		if out, err := cmd.CombinedOutput(); err != nil {
			u.t.Fatalf("%v: %s", err, out)
		}
	}
	name := fmt.Sprintf("%s/%s.0", world.GridDir, hostCA().Hash())
	ok(u.t, errors.Join(u.ce.Write(name, string(hostCA().PEM()), 0o644), u.ce.Mkdir("/scratch/session"), u.ce.Mkdir("/scratch/cache")))
}

// copy copies a file or a directory of the site that is there.
func (u *upgrade) copy(site *fixtures.Site, name string) {
	info, err := site.Tree.Lstat(name)
	if err != nil {
		return
	}
	if !info.Mode.IsDir() {
		data, err := site.Tree.ReadFile(name, info.Size)
		ok(u.t, errors.Join(err, u.ce.Write(name, string(data), info.Mode.Perm())))
		return
	}
	entries, err := site.Tree.ReadDir(name)
	ok(u.t, err)
	for _, e := range entries {
		u.copy(site, e.Path)
	}
}

// conf is the arc.conf of the site for the release, with the port of the CE and
// the address of the issuer. No Argus server is at hand: its block is left out.
func (u *upgrade) conf(issuer string) string {
	dir, name := filepath.Join(sites, u.name), "after.conf"
	if u.ce.Measured == "6.17.0" {
		name = "root/etc/arc.conf"
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	ok(u.t, err)
	text := without(string(data), "arex/ws/argus")
	text = strings.ReplaceAll(text, "https://ce.example.org:443/", fmt.Sprintf("https://ce.example.org:%d/", u.ce.Port))
	for _, path := range []string{"physics", "dune"} {
		text = strings.ReplaceAll(text, "https://issuer.example.org/"+path, issuer)
	}
	if strings.Contains(text, "loglevel=INFO") {
		return strings.ReplaceAll(text, "loglevel=INFO", "loglevel=5") // the log tells the account
	}
	return strings.Replace(text, "[arex]\n", "[arex]\nloglevel=5\n", 1)
}

// without leaves out a block.
func without(text, block string) string {
	for _, sec := range arcconf.Parse(source.New("arc.conf", []byte(text))).Sections {
		if sec.Name != block {
			continue
		}
		end := sec.Line.End
		for _, o := range sec.Options {
			end = o.Line.End
		}
		return text[:sec.Line.Start] + text[end:]
	}
	return text
}
