//go:build lab

package lab_test

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/fixtures/faults"
	"arclint/fixtures/policies"
	"arclint/fixtures/world"
	"arclint/internal/lab"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

var (
	serveAll = flag.Bool("serve-corpus", false,
		"start a CE with every file of the corpus, not only with those that are upgraded or have errors")
	corpusFile = flag.String("corpus", "*", "the files of the corpus, as a pattern without the ending")
)

// TestCorpus lets real CEs judge the files of fixtures/corpus, each as the release for
// which it was written, and those of ARC 6 also as the recipe upgrade leaves them.
// Where ARC's own checks report an error, arclint has a finding; the upgrade brings
// none that the old file did not have. Each error of arclint is one that ARC's checks
// report, or the CE does not start, or it answers visitors as arclint says.
func TestCorpus(t *testing.T) {
	found := newCorpusReport()
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			found.add(t, newCorpusRun(t, s, chroot))
		})
	})
	found.compare(t)
}

// specimen is a file of the corpus as one release is given it.
type specimen struct {
	*fixtures.CorpusSite
	text     string            // of arc.conf
	pieces   map[string]string // of arc.conf.d, by name
	upgraded bool
	errors   []lint.Finding // of arclint

	arc      []message      // errors of ARC's own checks
	findings []lint.Finding // of arclint on the CE itself
	loaded   *site.Site     // as arclint read it there
	served   []pair         // visitors, once the CE was started
	failed   error          // why it did not start
	asked    bool
}

// corpusRun is the corpus on one CE.
type corpusRun struct {
	*checker
	gate      *gate
	specimens []*specimen
}

func newCorpusRun(t *testing.T, s lab.Suite, chroot string) *corpusRun {
	c := &corpusRun{checker: newChecker(t, s, chroot)}
	issuer, err := lab.Serve(world.Issuer, issuerChain(), []lab.SigningKey{signingKey})
	ok(t, err)
	t.Cleanup(issuer.Close)
	c.gate = &gate{
		t: t, ce: c.ce,
		issuers: map[string]*lab.Issuer{issuer.URL: issuer}, places: strings.NewReplacer("ISSUER", issuer.URL),
	}
	c.gather()
	c.furnish()
	c.ask(issuer.URL)
	return c
}

// gather loads what is for this release, and the upgrades to it.
func (c *corpusRun) gather() {
	files, err := filepath.Glob("../../fixtures/corpus/" + *corpusFile + ".txtar")
	ok(c.t, err)
	for _, file := range files {
		f, err := fixtures.LoadCorpus(file)
		ok(c.t, err)
		switch {
		case f.ARCVersion == c.ce.Measured:
			s := c.loadFixture(f, "")
			c.specimens = append(c.specimens, &specimen{
				CorpusSite: f, text: string(s.Conf.Main.Data), pieces: c.pieces(f), errors: errorsOf(s),
			})
		case f.Target != "" && c.ce.Measured != "6.17.0":
			s := c.loadFixture(f, c.ce.Measured)
			c.specimens = append(c.specimens, &specimen{CorpusSite: f, text: c.upgrade(f, s), upgraded: true})
		}
	}
}

func (c *corpusRun) loadFixture(f *fixtures.CorpusSite, target string) *site.Site {
	s, err := site.Load(f.Tree, site.Options{
		Root: "/", ARCVersion: f.ARCVersion, Target: target, OSFamily: site.OSFamily(f.OSFamily),
		Now: f.Now, Evidence: f.Evidence,
	})
	ok(c.t, err)
	return s
}

func (c *corpusRun) upgrade(f *fixtures.CorpusSite, s *site.Site) string {
	r, _ := recipes.Find("upgrade")
	plan, err := r.Make(s, recipes.Params{Args: f.Answers})
	ok(c.t, err)
	for _, a := range plan.Actions {
		if e, is := a.(recipes.EditConf); is {
			data, err := source.Apply(s.Conf.Main, e.Edits)
			ok(c.t, err)
			return string(data)
		}
	}
	c.t.Fatalf("%s: the recipe upgrade edits no arc.conf", f.Name)
	return ""
}

func (c *corpusRun) pieces(f *fixtures.CorpusSite) map[string]string {
	found := map[string]string{}
	list, err := f.Tree.ReadDir("/etc/arc.conf.d")
	if err != nil {
		return found
	}
	for _, e := range list {
		data, err := f.Tree.ReadFile(e.Path, 1<<16)
		ok(c.t, err)
		found[filepath.Base(e.Path)] = string(data)
	}
	return found
}

func errorsOf(s *site.Site) (found []lint.Finding) {
	for _, f := range lint.Run(s, catalog.All()).Findings {
		if f.Severity == lint.Error {
			found = append(found, f)
		}
	}
	return found
}

// furnish gives the CE what the fixtures have beside arc.conf: accounts, lists,
// pools, programs, directories, and VOMS servers that the lab can play.
func (c *corpusRun) furnish() {
	if len(c.specimens) == 0 {
		return
	}
	host := c.specimens[0].Tree
	for _, name := range []string{
		"/etc/grid-security/pool", "/etc/grid-security/lists", "/etc/grid-security/grid-mapfile",
		"/etc/condor", "/usr/local/bin", "/opt", "/scratch",
	} {
		c.copy(host, name)
	}
	passwd, err := host.ReadFile("/etc/passwd", 1<<16)
	ok(c.t, err)
	var accounts []string
	for line := range strings.Lines(string(passwd)) {
		if fields := strings.Split(line, ":"); strings.HasPrefix(fields[5], "/home/") {
			accounts = append(accounts, "useradd "+fields[0])
		}
	}
	out, err := c.ce.Command(c.t.Context(), "sh", "-c", strings.Join(accounts, " && ")).CombinedOutput()
	if err != nil {
		c.t.Fatalf("%v: %s", err, out)
	}
	for _, vo := range []string{"physics", "biology", "climate", "ops"} {
		name := fmt.Sprintf("/etc/grid-security/vomsdir/%s.example.org/voms.example.org.lsc", vo)
		ok(c.t, c.ce.Write(name, policies.VOMSServer+"\n"+policies.VOMSServerCA+"\n", 0o644))
	}
}

func (c *corpusRun) copy(tree rootfs.FS, name string) {
	info, err := tree.Lstat(name)
	ok(c.t, err)
	if !info.Mode.IsDir() {
		data, err := tree.ReadFile(name, info.Size)
		ok(c.t, errors.Join(err, c.ce.Write(name, string(data), info.Mode.Perm())))
		return
	}
	ok(c.t, c.ce.Mkdir(name))
	list, err := tree.ReadDir(name)
	ok(c.t, err)
	for _, e := range list {
		c.copy(tree, e.Path)
	}
}

// ask asks ARC's checks about all, and CEs about those that were upgraded or have
// errors.
func (c *corpusRun) ask(issuer string) {
	for i, s := range c.specimens {
		dir := fmt.Sprintf("/corpus/%d", i)
		m := &faults.Site{Dir: dir}
		c.sites = append(c.sites, m)
		ok(c.t, c.ce.Write(m.Path("arc.conf"), s.text, 0o644))
		for name, text := range s.pieces {
			ok(c.t, c.ce.Write(m.Path("arc.conf.d/"+name), text, 0o644))
		}
	}
	for i, said := range c.askARC() {
		s := c.specimens[i]
		s.arc = slices.DeleteFunc(said, func(m message) bool { return !m.isError() })
		c.answers(s, c.sites[i])
		if *serveAll || s.upgraded || s.Target != "" || len(s.errors) > 0 {
			c.serve(s, issuer)
		}
	}
}

// answers looks for the finding behind each error of ARC's checks. They are made for
// A-REX, and say nothing of a host that has none.
func (c *corpusRun) answers(s *specimen, m *faults.Site) {
	loaded, findings := c.lint(m)
	if loaded.Conf.Block("arex") == nil {
		s.arc = nil
	}
	s.loaded, s.findings = loaded, findings
	for _, msg := range s.arc {
		b, known := blameOf(msg.Text)
		if strings.HasSuffix(msg.Text, "specified multiple times") && confDAlone(loaded, b.block) {
			continue // each option stands once, and the check reads it twice (arc-behaviour C13)
		}
		if !known || !b.answered(loaded, findings) {
			disagree(c.t, c.ce.Suite, "%s: %s says %q, which arclint does not find: %v",
				s.Name, msg.By, msg.Text, brief(findings))
		}
	}
}

// confDAlone says whether a block stands in arc.conf.d and not in arc.conf.
func confDAlone(s *site.Site, kind string) bool {
	for _, b := range s.Conf.Kind(kind) {
		for _, sec := range b.Sections {
			if sec.Line.File == s.Conf.Main {
				return false
			}
		}
	}
	return true
}

// serve starts the CE with the file and lets visitors ask. Where the file has no web
// interface, there is nothing to ask.
func (c *corpusRun) serve(s *specimen, issuer string) {
	place := placeOf(c.ce.Port, issuer)
	text := place(s.text)
	all := text
	err := errors.Join(c.ce.Stop(), c.ce.Remove("/etc/arc.conf.d"), c.ce.Clean("/etc/grid-security/pool"),
		c.ce.Write("/etc/arc.conf", text, 0o644))
	for name, piece := range s.pieces {
		all += place(piece)
		err = errors.Join(err, c.ce.Write("/etc/arc.conf.d/"+name, place(piece), 0o644))
	}
	c.copy(s.Tree, "/etc/grid-security/pool")
	ok(c.t, err)
	if !strings.Contains(all, "[arex/ws]") {
		return
	}
	s.asked = true
	c.gate.site = c.load()
	if s.failed = c.ce.Start(); s.failed != nil {
		stops := func(f lint.Finding) bool { return f.Stops }
		if !slices.ContainsFunc(lint.Run(c.gate.site, catalog.All()).Findings, stops) {
			disagree(c.t, c.ce.Suite, "%s: the CE does not start, and arclint knows no reason: %v\n%s", s.Name, s.failed, text)
		}
		return
	}
	for _, v := range corpusVisitors() {
		p := c.gate.visit(v)
		if what := p.disagrees(); what != "" {
			disagree(c.t, c.ce.Suite, "%s: arclint and the CE differ in %s\n%s\n%s", s.Name, what, p, text)
		}
		s.served = append(s.served, p)
	}
}

// load reads the files of the CE as they are now.
func (c *corpusRun) load() *site.Site {
	tree, err := rootfs.Dir(c.ce.Path("/"))
	ok(c.t, err)
	defer tree.Close()
	s, err := site.Load(tree, site.Options{Root: "the CE of " + c.ce.Name, Now: time.Now(), Evidence: c.gate.evidence()})
	ok(c.t, err)
	return s
}

var (
	wsurlLine = regexp.MustCompile(`(?m)^wsurl\s*=.*$`)
	levelLine = regexp.MustCompile(`(?m)^(loglevel|debug)\s*=.*\n`)
	wsHeader  = regexp.MustCompile(`(?m)^\[arex/ws\]\r?\n`)
	arexLine  = regexp.MustCompile(`(?m)^\[arex\]\r?\n`)
	issuerURL = regexp.MustCompile(`https://issuer\.example\.org/\w+`)
)

// placeOf puts the port of the CE and the address of the issuer into a file, and lets
// the log tell the account.
func placeOf(port int, issuer string) func(string) string {
	return func(text string) string {
		text = without(text, "arex/ws/argus") // no Argus server is at hand
		text = levelLine.ReplaceAllString(text, "")
		text = wsurlLine.ReplaceAllString(text, "")
		text = wsHeader.ReplaceAllString(text, fmt.Sprintf("[arex/ws]\nwsurl=https://ce.example.org:%d/arex\n", port))
		text = arexLine.ReplaceAllString(text, "[arex]\nloglevel=5\n")
		return issuerURL.ReplaceAllString(text, issuer)
	}
}

// corpusVisitors are those for whom the files have rules, and one for whom none has.
func corpusVisitors() []policies.Visitor {
	subject := func(name string) string { return "/DC=org/DC=example/CN=" + name }
	member := func(fqan string) policies.Visitor {
		vo, _, _ := strings.Cut(fqan, "/")
		return policies.Visitor{Subject: subject("Member of " + vo), Attributes: []string{vo + ":/" + fqan}}
	}
	return []policies.Visitor{
		{Subject: subject("Some User")}, {Subject: subject("Banned User")}, {Subject: subject("Stranger")},
		member("physics.example.org"), member("physics.example.org/Role=production"), member("biology.example.org"),
		member("climate.example.org/Role=production"),
		{Claims: []policies.Claim{
			{Name: "iss", Value: `"ISSUER"`}, {Name: "sub", Value: `"somebody"`}, {Name: "aud", Value: `"https://ce.example.org"`},
			{Name: "scope", Value: `"compute.create compute.read"`},
			{Name: "iat", Value: fmt.Sprint(now.Unix() - 60)}, {Name: "nbf", Value: fmt.Sprint(now.Unix() - 60)},
			{Name: "exp", Value: fmt.Sprint(now.Unix() + 3600)},
		}},
		{},
	}
}
