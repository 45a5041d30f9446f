package catalog_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

// TestCases: what public reports tell is found, and nothing else is. A rule that
// could not look is listed with a ? behind it.
func TestCases(t *testing.T) {
	for name, want := range map[string][]string{
		"report-09-leaf-only":             {"authz/shared-account", "trust/issuer-ca-missing"},
		"report-12-incommon-nonigtf-host": {"host/cert-outside-policy"},
		"report-20-sha1-crl-el9":          {"host/cert-untrusted?", "trust/sha1-refused?"},
		"report-21b-seclevel-3":           {"trust/security-level"},
		"report-22-serverauth-only":       {"host/cert-no-client-use"},
		"report-23-wsurl-alias":           {"host/cert-name"},
		"report-24-hostcert-reversed":     {"host/cert-order"},
		"report-58c-le-no-root":           {"host/cert-untrusted"},
		"report-65b-el10":                 {"trust/issuer-ca-missing"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := fixtures.LoadSite(filepath.Join("../../fixtures/cases", name))
			if err != nil {
				t.Fatal(err)
			}
			s, err := site.Load(f.Tree, site.Options{
				Root: "/", ARCVersion: f.ARCVersion, OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Evidence: f.Evidence,
			})
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			res := lint.Run(s, catalog.All())
			for _, finding := range res.Findings {
				if finding.Rule != "conf/admindomain-name" { // true of nearly all of them, and not what they are about
					found = append(found, finding.Rule)
				}
			}
			for _, skip := range res.Skips {
				found = append(found, skip.Rule+"?")
			}
			slices.Sort(found)
			if diff := cmp.Diff(want, found); diff != "" {
				t.Errorf("rules (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBundleOfEL10: the judgement and the recipe look for the public CAs where EL 10
// has them.
func TestBundleOfEL10(t *testing.T) {
	f, err := fixtures.LoadSite("../../fixtures/cases/report-65b-el10")
	if err != nil {
		t.Fatal(err)
	}
	s, err := site.Load(f.Tree, site.Options{Root: "/", ARCVersion: f.ARCVersion, OSFamily: site.OSFamily(f.OSFamily), Now: f.Now})
	if err != nil {
		t.Fatal(err)
	}
	if s.System.File == nil || len(s.System.File.Certificates) != 1 || s.OS.Major != 10 {
		t.Errorf("store %+v on EL %d, want one CA in a file on EL 10", s.System, s.OS.Major)
	}
	r, _ := recipes.Find("pin-issuer")
	plan, err := r.Make(s, recipes.Params{Issuer: "https://cilogon.org/dune"})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, a := range plan.Actions {
		if fetch, ok := a.(recipes.FetchIssuer); ok {
			_, err := rootfs.Stat(f.Tree, fetch.CAFile)
			if found = true; err != nil {
				t.Errorf("the recipe uses %s, which is not there: %v", fetch.CAFile, err)
			}
		}
	}
	if !found {
		t.Error("the recipe fetches nothing")
	}
}
