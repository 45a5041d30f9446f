package catalog_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
)

// TestCases: what public reports tell is found, and nothing else is. A rule that
// could not look is listed with a ? behind it.
func TestCases(t *testing.T) {
	for name, want := range map[string][]string{
		"report-09-leaf-only":             {"authz/shared-account", "trust/issuer-ca-missing"},
		"report-12-incommon-nonigtf-host": {"host/cert-outside-policy"},
		"report-22-serverauth-only":       {"host/cert-no-client-use"},
		"report-23-wsurl-alias":           {"host/cert-name"},
		"report-24-hostcert-reversed":     {"host/cert-order"},
		"report-58c-le-no-root":           {"host/cert-untrusted"},
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
				found = append(found, finding.Rule)
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
