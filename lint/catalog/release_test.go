package catalog_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/internal/arcref"
	"arclint/internal/release"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
)

// fetchDir is an option of a release that does not exist: it names the CAs of
// the key fetch, and no others.
var fetchDir = release.Setting{Block: "common", Option: "x509_fetch_dir"}

// withFetchDir is the known releases and ARC 7.9.0, whose row says that fetchDir
// names the CAs of the fetch.
func withFetchDir(t *testing.T) release.Table {
	t.Helper()
	newest := release.Default().Newest()
	ref := &arcref.Reference{Version: "7.9.0"}
	for _, b := range newest.Ref.Blocks {
		copied := *b
		if b.Name == fetchDir.Block {
			copied.Options = append(slices.Clone(b.Options), &arcref.Option{Name: fetchDir.Option})
		}
		ref.Blocks = append(ref.Blocks, &copied)
	}
	facts := newest.Facts
	facts.Fetch.Dir = fetchDir
	table, err := release.Default().With(release.Row{Measured: ref.Version, Ref: ref, Facts: facts})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestReleaseWithCAsOfItsOwn: a release that has an option of its own for the
// CAs of the key fetch needs its row alone: what changes for a site is found.
func TestReleaseWithCAsOfItsOwn(t *testing.T) {
	for _, tt := range []struct {
		name, dir string
		refused   bool
	}{
		{"not written, so that the default holds", "", false},
		{"the directory of today", "/etc/grid-security/certificates", false},
		{"a directory without the CA of the issuer", "/etc/grid-security/vomsdir", true},
	} {
		f, err := fixtures.Base("7.2.0")
		if err != nil {
			t.Fatal(err)
		}
		tree := rootfs.Overlay(f.Tree)
		conf, err := tree.ReadFile("/etc/arc.conf", 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if tt.dir != "" {
			conf = bytes.Replace(conf, []byte("[common]\n"), []byte("[common]\n"+fetchDir.Option+"="+tt.dir+"\n"), 1)
		}
		if err := tree.WriteFile("/etc/arc.conf", conf, 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := site.Load(tree, site.Options{
			Root: "/", ARCVersion: "7.2.0", Target: "7.9.0", OSFamily: site.OSFamily(f.OSFamily), Now: f.Now, Evidence: f.Evidence, Releases: withFetchDir(t),
		})
		if err != nil {
			t.Fatal(err)
		}
		said := slices.ContainsFunc(lint.Run(s, catalog.All()).Findings, func(f lint.Finding) bool {
			return f.Rule == "trust/upgrade-trust" && f.Severity == lint.Error && strings.Contains(f.Message(), "It is accepted today and refused after the upgrade")
		})
		if said != tt.refused {
			t.Errorf("%s: trust/upgrade-trust says that the fetch is refused: %t, want %t", tt.name, said, tt.refused)
		}
	}
}

// TestReleasesAreARange: what is printed of a rule are bounds, so that the
// releases to which it applies must lie between them without a gap.
func TestReleasesAreARange(t *testing.T) {
	all := release.Default().Versions()
	for _, r := range catalog.All() {
		own := r.Releases()
		if len(own) == 0 {
			t.Errorf("%s applies to no release", r.ID)
			continue
		}
		first := slices.Index(all, own[0])
		if !slices.Equal(own, all[first:first+len(own)]) {
			t.Errorf("%s applies to %v: it cannot be said as bounds", r.ID, own)
		}
	}
}
