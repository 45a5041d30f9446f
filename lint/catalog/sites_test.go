package catalog_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"arclint/fixtures"
	"arclint/fixtures/golden"
	"arclint/fixtures/manifest"
	"arclint/internal/gridsec"
	"arclint/internal/report"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

const sitesDir = "../../fixtures/sites"

// siteNames are the sites; what lies beside them, such as parts, has no file
// site.txt of its own.
func siteNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(sitesDir, "*", manifest.File))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sites in %s: %v", sitesDir, err)
	}
	var names []string
	for _, file := range files {
		names = append(names, filepath.Base(filepath.Dir(file)))
	}
	return names
}

// TestSites: what arclint check and arclint trust say of every site is in its
// files want and want.trust. UPDATE=1 writes them. A site whose name begins
// with ok- has no findings.
func TestSites(t *testing.T) {
	for _, name := range siteNames(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := loadNamed(t, name).load(t)
			res := lint.Run(s, catalog.All())
			var check, issuers strings.Builder
			if err := (report.Text{W: &check}).Check(s, recipes.Offer(s, res, targetFlag(s), nil)); err != nil {
				t.Fatal(err)
			}
			if err := (report.Text{W: &issuers}).Trust(trust.Issuers(s), trust.VOs(s), false); err != nil {
				t.Fatal(err)
			}
			golden.Check(t, filepath.Join(sitesDir, name, "want"), check.String())
			golden.Check(t, filepath.Join(sitesDir, name, "want.trust"), issuers.String())
			clean(t, check.String()+issuers.String())
			for _, f := range res.Findings {
				if f.Rule == lint.PanicRule {
					t.Error(f.Message())
				}
				if strings.HasPrefix(name, "ok-") {
					t.Errorf("%s must stay silent: %s: %s", name, f.Rule, text(f))
				}
			}
		})
	}
}

// targetFlag is the flag of a site that is to be upgraded.
func targetFlag(s *site.Site) recipes.Flags {
	if s.Target == nil {
		return nil
	}
	return recipes.Flags{"--target", s.Target.Release.Version}
}

// TestStories: what was measured of DUNE's issuer holds for the sites that tell
// of it. Golden files are easily written anew; this table is not.
func TestStories(t *testing.T) {
	const (
		missing = "trust/issuer-ca-missing"
		ignored = "trust/issuer-ca-only-in-ignored-dir"
		forged  = "trust/issuer-impersonation"
		clients = "trust/public-ca-admits-clients"
		over    = "trust/over-trust"
		blind   = "trust/system-policy-blind"
	)
	told := []string{missing, ignored, forged, clients, over, blind}
	for _, tt := range []struct {
		site   string
		fetch  trust.KeyFetch
		client trust.Answer
		posers trust.ImpersonationBy
		rules  []string // those of the rules above that speak
		fact   string
	}{
		{"dune-before-6.17", trust.FetchRefused, trust.Refused, trust.ByGrid, []string{missing}, "D5"},
		{"dune-before-7.0", trust.FetchRefused, trust.Refused, trust.ByGrid, []string{missing}, "D5"},
		{"dune-before-7.2", trust.FetchRefused, trust.Refused, trust.ByGrid, []string{missing}, "D5"},
		{"dune-split-trust-6.17", trust.FetchAccepted, trust.Refused, trust.ByPublic, []string{forged}, "H1"},
		{"dune-split-trust-7.2", trust.FetchAccepted, trust.Refused, trust.ByPublic, []string{forged}, "H1"},
		{"dune-anchor-policy-6.17", trust.FetchAccepted, trust.Refused, trust.ByPublic, []string{forged}, "H2"},
		{"dune-anchor-policy-7.2", trust.FetchAccepted, trust.Accepted, trust.ByPublic, []string{forged, clients}, "H2"},
		{"dune-pinned-7.0", trust.FetchPinned, trust.Refused, trust.ByGrid, nil, "H3"},
		{"dune-pinned-7.2", trust.FetchPinned, trust.Refused, trust.ByGrid, nil, "H3"},
		{"dune-careless-any-7.2", trust.FetchAccepted, trust.Accepted, trust.ByPublic, []string{forged, over}, "H4"},
		{"dune-careless-system-7.0", trust.FetchAccepted, trust.Accepted, trust.ByPublic, []string{forged, over, blind}, "C9"},
		{"dune-careless-copy-7.2", trust.FetchUnknown, trust.Accepted, trust.ByPublic, []string{forged, clients}, "F1"},
		{"dune-careless-certdir-7.2", trust.FetchRefused, trust.Accepted, trust.ByGrid, []string{ignored, clients}, "H1"},
		{"token-only-system-7.2", trust.FetchAccepted, trust.Refused, trust.ByPublic, []string{forged, blind}, "C9"},
		{"el9-layout-7.2", trust.FetchAccepted, trust.Accepted, trust.ByPublic, []string{forged, over}, "H4"},
	} {
		t.Run(tt.site, func(t *testing.T) {
			s := loadNamed(t, tt.site).load(t)
			dune := trust.Issuers(s)[0]
			if dune.KeyFetch != tt.fetch || dune.ClientCertSameCA != tt.client || dune.ImpersonationBy != tt.posers {
				t.Errorf("%s: key fetch %s, client certificates %s, can pose: %s; want %s, %s, %s (arc-behaviour %s)", dune.Issuer,
					dune.KeyFetch, dune.ClientCertSameCA, dune.ImpersonationBy, tt.fetch, tt.client, tt.posers, tt.fact)
			}
			spoke := map[string]bool{}
			for _, f := range lint.Run(s, catalog.All()).Findings {
				spoke[f.Rule] = true
			}
			for _, rule := range told {
				if want := slices.Contains(tt.rules, rule); spoke[rule] != want {
					t.Errorf("%s finds something: %v, want %v (arc-behaviour %s)", rule, spoke[rule], want, tt.fact)
				}
			}
		})
	}
}

// TestArcConfOnly: what is not in the tree is not missing on the host that the
// arc.conf is for.
func TestArcConfOnly(t *testing.T) {
	res := lint.Run(loadNamed(t, "arc-conf-only-7.2").load(t), catalog.All())
	for _, f := range res.Findings {
		t.Errorf("%s: %s, want the check skipped with its reason", f.Rule, text(f))
	}
	if len(res.Skips) == 0 {
		t.Error("nothing is skipped, want the checks of files that are not there named")
	}
}

// clean: a report holds nothing that a terminal acts on.
func clean(t *testing.T, text string) {
	t.Helper()
	for n, line := range strings.Split(text, "\n") {
		for _, r := range line {
			if r != '\t' && !unicode.IsPrint(r) || r == unicode.ReplacementChar {
				t.Errorf("line %d of the report holds %q: %q", n+1, r, line)
				break
			}
		}
	}
}

// story is a fixture site with the words that only this test knows: "on SITE",
// which lays the site over another one, and "recipe ID", which applies a
// recipe to it as arclint recipe --prove does.
type story struct {
	files   rootfs.FS
	options site.Options
}

func (st story) load(t *testing.T) *site.Site {
	t.Helper()
	st.options.Root = "/"
	if _, err := rootfs.Stat(st.files, "/etc/passwd"); err != nil {
		st.options.Root = "ce" // a few files, no host
	}
	s, err := site.Load(st.files, st.options)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// loadNamed loads a site of fixtures/sites.
func loadNamed(t *testing.T, name string) story {
	t.Helper()
	lines := linesOf(t, name)
	if len(lines) == 0 || lines[0].Words[0] != "on" {
		return storyOf(t, name)
	}
	s := manifest.New()
	tell(t, s, name)
	return storyFrom(s)
}

// storyOf loads a site that fixtures.LoadSite reads whole.
func storyOf(t *testing.T, name string) story {
	t.Helper()
	f, err := fixtures.LoadSite(filepath.Join(sitesDir, name))
	if err != nil {
		t.Fatal(err)
	}
	return story{f.Tree, site.Options{
		ARCVersion: f.ARCVersion, Target: f.Target, Origin: manifest.File, OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Evidence: f.Evidence,
	}}
}

// storyFrom takes over a site that is being told.
func storyFrom(s *manifest.Site) story {
	return story{s.Tree, site.Options{
		ARCVersion: s.ARCVersion, Target: s.Target, Origin: manifest.File, OSFamily: site.OSFamily(s.OSFamily), Now: s.Now,
	}}
}

func linesOf(t *testing.T, name string) []manifest.Line {
	t.Helper()
	file := filepath.Join(sitesDir, name, manifest.File)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := manifest.Parse(file, string(data))
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// tell lays the site called name over s: first what it stands on, then its
// files, then its lines.
func tell(t *testing.T, s *manifest.Site, name string) {
	t.Helper()
	for _, line := range linesOf(t, name) {
		if line.Words[0] == "on" && len(line.Words) == 2 {
			tell(t, s, line.Words[1])
		}
	}
	lines, err := s.Start(os.DirFS(sitesDir), name)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		switch line.Words[0] {
		case "on":
		case "recipe":
			applyRecipe(t, s, line)
		default:
			if known, err := s.Apply(line); err != nil || !known {
				t.Fatalf("%v: known is %v, error %v", line, known, err)
			}
		}
	}
}

// applyRecipe carries out "recipe ID issuer=URL roots=DIR keys=FILE": roots is
// a directory of the site, keys a file of fixtures/sites. What the recipe leaves
// is the site from then on.
func applyRecipe(t *testing.T, s *manifest.Site, line manifest.Line) {
	t.Helper()
	before := storyFrom(s)
	loaded := before.load(t)
	r, ok := recipes.Find(line.Words[1])
	if !ok {
		t.Fatal(line.Errorf("there is no recipe %q", line.Words[1]))
	}
	plan, err := r.Make(loaded, recipeParams(t, s, line))
	if err != nil {
		t.Fatal(line.Errorf("%w", err))
	}
	reload := func(tree rootfs.FS) (*site.Site, error) {
		s.Tree = rootfs.Overlay(tree)
		s.Tree.SetTime(s.Now)
		return loaded, nil
	}
	ignore := func(*site.Site) lint.Result { return lint.Result{} }
	if _, _, err := recipes.Prove(loaded, before.files, plan, reload, ignore); err != nil {
		t.Fatal(line.Errorf("%w", err))
	}
}

func recipeParams(t *testing.T, s *manifest.Site, line manifest.Line) recipes.Params {
	t.Helper()
	var p recipes.Params
	for _, word := range line.Words[2:] {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "issuer":
			p.Issuer = value
		case "roots":
			for _, f := range gridsec.NewReader(s.Tree).Dir(value).Files {
				p.Roots = append(p.Roots, f.Certificates...)
			}
		case "keys":
			data, err := os.ReadFile(filepath.Join(sitesDir, value))
			if err != nil {
				t.Fatal(line.Errorf("%w", err))
			}
			p.Keys = data
		default:
			t.Fatal(line.Errorf("%q is not known", word))
		}
	}
	return p
}

// TestHostileSite: of the secrets to which a hostile tree points, nothing comes
// into a report, and files without end do no harm.
func TestHostileSite(t *testing.T) {
	st := loadNamed(t, "nasty-7.2")
	over := rootfs.Overlay(st.files)
	over.SetTime(st.options.Now)
	huge := make([]byte, 32<<20)
	for _, name := range []string{"certificates/aaaaaaaa.0", "certificates/aaaaaaaa.r0", "certificates/aaaaaaaa.signing_policy", "certificates/huge.info"} {
		if err := over.WriteFile("/etc/grid-security/"+name, huge, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := over.WriteFile("/etc/grid-security/hostcert.pem", huge, 0o644); err != nil {
		t.Fatal(err)
	}
	st.files = over
	s := st.load(t)
	var b strings.Builder
	w := report.Text{W: &b}
	res := lint.Run(s, catalog.All())
	if err := w.Check(s, recipes.Offer(s, res, nil, nil)); err != nil {
		t.Fatal(err)
	}
	if err := w.Trust(trust.Issuers(s), trust.VOs(s), true); err != nil {
		t.Fatal(err)
	}
	clean(t, b.String())
	for _, f := range res.Findings {
		if f.Rule == lint.PanicRule {
			t.Error(f.Message())
		}
	}
	key, err := over.ReadFile("/etc/grid-security/hostkey.pem", 1<<16)
	if err != nil {
		t.Fatal(err)
	}
	secrets := append(strings.Split(strings.TrimSpace(string(key)), "\n")[1:], "not-for-reports")
	for _, secret := range secrets {
		if !strings.HasPrefix(secret, "---") && strings.Contains(b.String(), secret) {
			t.Errorf("the report holds %q", secret)
		}
	}
}
