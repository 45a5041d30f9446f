package catalog_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/fixtures/confgen"
	"arclint/fixtures/faults"
	"arclint/fixtures/pki"
	"arclint/fixtures/policies"
	"arclint/fixtures/world"
	policy "arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/arcref"
	"arclint/internal/release"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint/catalog"
)

// candidate is a site at which the answers are held against each other.
type candidate struct {
	name string
	story
	visitors []admission.Person // who asks beside those whom the rules name
	simpler  func() []candidate // smaller ones of the kind; nil: there are none
}

// describe is enough to see what the site is.
func (c candidate) describe() string {
	conf, err := c.files.ReadFile("/etc/arc.conf", 1<<20)
	if err != nil {
		conf = []byte(err.Error())
	}
	text := fmt.Sprintf("at %s, ARC %s, arc.conf:\n%s", c.name, c.options.ARCVersion, indented(string(conf)))
	if more, err := c.files.ReadFile("/etc/arc.conf.d/policy.conf", 1<<20); err == nil {
		text += "\nand in arc.conf.d:\n" + indented(string(more))
	}
	return text
}

// drawn are sites of a release: at least n, of them three in five with drawn
// access, one with a drawn trust directory, and one with an arc.conf that is
// spoilt or nonsense.
func drawn(t *testing.T, release string, n int) []candidate {
	t.Helper()
	var all []candidate
	for i := range (n + 4) / 5 {
		for k := range 3 {
			all = append(all, drawPolicy(t, release, rand.New(rand.NewPCG(*oneSeed, uint64(3*i+k)))))
		}
		all = append(all, drawWorld(t, release, rand.New(rand.NewPCG(*oneSeed+1, uint64(i)))))
		r := rand.New(rand.NewPCG(*oneSeed+2, uint64(i)))
		if i%3 == 0 {
			all = append(all, drawNonsense(t, release, r))
		} else {
			all = append(all, drawFault(t, release, r))
		}
	}
	return all
}

// visitorsOfPolicy is how many visitors are drawn for a policy.
const visitorsOfPolicy = 12

func drawPolicy(t *testing.T, release string, r *rand.Rand) candidate {
	t.Helper()
	p := policies.Draw(r, release)
	var visitors []admission.Person
	for range visitorsOfPolicy {
		visitors = append(visitors, personOf(t, policies.DrawVisitor(r, p, pki.Now)))
	}
	extra := map[string]string{}
	if r.IntN(2) == 0 {
		for _, vo := range []string{"dune", "atlas"} {
			extra["/etc/grid-security/vomsdir/"+vo+"/voms.example.org.lsc"] = "/DC=org/DC=example/CN=voms.example.org\n/DC=org/DC=example/CN=Example Grid CA\n"
		}
	}
	if r.IntN(5) == 0 {
		p = policies.Compute(r, p)
	}
	switch r.IntN(16) {
	case 0: // no job is taken
		p.Blocks = slices.DeleteFunc(p.Blocks, func(b policies.Block) bool { return strings.HasPrefix(b.Header, "[queue:") })
	case 1:
		p.Blocks = slices.Clone(p.Blocks)
		for i, b := range p.Blocks {
			p.Blocks[i].Lines = strings.Split(strings.ReplaceAll(strings.Join(b.Lines, "\n"), "sessiondir=/var/spool/arc/sessiondir", "sessiondir=/var/spool/arc/sessiondir drain"), "\n")
		}
	}
	return policyAt(t, p, visitors, extra)
}

// policyAt is a policy on the base site of its release.
func policyAt(t *testing.T, p policies.Policy, visitors []admission.Person, extra map[string]string) candidate {
	t.Helper()
	files := policies.Files()
	files["/etc/arc.conf"], files["/etc/passwd"] = p.Text(), policies.Passwd()
	if text := p.AddedText(); text != "" {
		files["/etc/arc.conf.d/policy.conf"] = text
	}
	for name, text := range extra {
		files[name] = text
	}
	c := onBase(t, p.Release, "a drawn policy", files)
	c.visitors = visitors
	c.simpler = func() []candidate {
		var all []candidate
		for _, q := range p.Simpler() {
			all = append(all, policyAt(t, q, visitors, extra))
		}
		return all
	}
	return c
}

func personOf(t *testing.T, v policies.Visitor) admission.Person {
	t.Helper()
	p := admission.Person{Subject: v.Subject, FQANs: v.Attributes}
	if len(v.Claims) > 0 {
		claims, err := policy.ParseClaims([]byte(v.JSON()))
		if err != nil {
			t.Fatal(err)
		}
		p.Claims = claims
	}
	return p
}

// onBase lays files over the base site of a release.
func onBase(t *testing.T, release, name string, files map[string]string) candidate {
	t.Helper()
	base, err := fixtures.Base(release)
	if err != nil {
		t.Fatal(err)
	}
	over := rootfs.Overlay(base.Tree)
	over.SetTime(base.Now)
	for path, text := range files {
		if err := over.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return candidate{name: name, story: story{files: over, options: site.Options{
		ARCVersion: release, OSFamily: site.OSFamily(base.OSFamily), Now: base.Now, Evidence: base.Evidence,
	}}}
}

var worldMaker = world.At(pki.Now, world.Store{Dir: "/etc/ssl/certs", File: "/etc/ssl/certs/ca-certificates.crt"})

func drawWorld(t *testing.T, release string, r *rand.Rand) candidate {
	t.Helper()
	configurations := world.Configurations()
	return worldAt(t, release, world.Random(r), configurations[r.IntN(len(configurations))])
}

// worldAt is a CE with a drawn trust directory, of which a token issuer and a
// subject are members.
func worldAt(t *testing.T, version string, d world.Draw, common []string) candidate {
	t.Helper()
	w := worldMaker.World()
	d.Apply(w)
	lines := append([]string{"[common]", "hostname=ce.example.org"}, append(append([]string{}, w.Common...), common...)...)
	if row, _ := release.Default().For(version); row.TokensNeedBlock {
		lines = append(lines, "[authtokens]")
	}
	lines = append(lines, "[authgroup:tokens]", "authtokens=* https://"+world.Issuer+"/vo https://ce.example.org compute.create *",
		"[authgroup:people]", "subject="+world.HostDN, "voms=vo.example.org * * *", "[mapping]", "map_to_user=tokens nobody", "map_to_user=people nobody",
		"[lrms]", "lrms=fork", "[arex]", "[arex/ws]")
	lines = append(lines, w.WS...)
	lines = append(lines, "[arex/ws/jobs]", "allowaccess=tokens people", "[queue:fork]")
	evidence := rootfs.NewMem()
	for path, data := range map[string][]byte{"/etc/arc.conf": []byte(strings.Join(lines, "\n") + "\n"), "/etc/passwd": []byte(policies.Passwd())} {
		if err := w.Tree.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := evidence.WriteFile("/"+world.Issuer+".pem", pki.Chain(w.Chain...), 0o644); err != nil {
		t.Fatal(err)
	}
	c := candidate{name: "a drawn trust directory: " + d.String(), story: story{files: w.Tree, options: site.Options{
		ARCVersion: version, OSFamily: site.Debian, Now: pki.Now, Evidence: evidence,
	}}}
	c.simpler = func() []candidate {
		var all []candidate
		if common != nil {
			all = append(all, worldAt(t, version, d, nil))
		}
		for _, q := range d.Simpler() {
			all = append(all, worldAt(t, version, q, common))
		}
		return all
	}
	return c
}

// drawFault is a configuration that was valid and is spoilt once or twice.
func drawFault(t *testing.T, release string, r *rand.Rand) candidate {
	t.Helper()
	ref, ok := arcref.Known().For(release)
	if !ok {
		t.Fatalf("no reference of %s", release)
	}
	spoilt := faults.Make(r, ref, "/check", 443, faults.Credentials{})
	files := map[string]string{"/etc/arc.conf": spoilt.Text(), "/etc/passwd": policies.Passwd()}
	c := onBase(t, release, "a spoilt configuration ("+strings.Join(spoilt.Faults, ", ")+")", files)
	return c
}

// drawNonsense is a configuration on which two readers could disagree.
func drawNonsense(t *testing.T, release string, r *rand.Rand) candidate {
	t.Helper()
	dir := t.TempDir()
	if err := confgen.Write(dir, r); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		files["/etc/"+filepath.ToSlash(strings.TrimPrefix(path, dir+string(filepath.Separator)))] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return onBase(t, release, "a nonsensical configuration", files)
}

// kept are all sites and cases of fixtures.
func kept(t *testing.T) []candidate {
	t.Helper()
	var all []candidate
	for _, name := range siteNames(t) {
		all = append(all, candidate{name: "fixtures/sites/" + name, story: loadNamed(t, name)})
	}
	cases, err := filepath.Glob("../../fixtures/cases/*/site.txt")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range cases {
		f, err := fixtures.LoadSite(filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, candidate{name: "fixtures/cases/" + filepath.Base(filepath.Dir(file)), story: storyFor(f)})
	}
	for _, rule := range catalog.All() {
		c, err := fixtures.LoadRule(filepath.Join(fixtureDir, rule.ID+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range c.Variants {
			all = append(all, candidate{name: "fixtures/rules/" + rule.ID + " " + v.Name, story: storyFor(v.Site)})
		}
	}
	return all
}

func storyFor(f *fixtures.Site) story {
	return story{f.Tree, site.Options{
		ARCVersion: f.ARCVersion, Target: f.Target, OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Evidence: f.Evidence,
	}}
}
