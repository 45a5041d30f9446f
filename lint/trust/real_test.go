package trust

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
)

// installedSet is where Debian's igtf-policy packages put the distribution. Their
// scripts link every file of a profile into /etc/grid-security/certificates.
const installedSet = "/usr/share/igtf-policy"

// igtfDirs are the profiles to test with: ARCLINT_IGTF_DIRS (separated by
// colons), else what is installed.
func igtfDirs(t testing.TB) []string {
	if list := os.Getenv("ARCLINT_IGTF_DIRS"); list != "" {
		return filepath.SplitList(list)
	}
	dirs, err := filepath.Glob(installedSet + "/*")
	if err != nil || len(dirs) == 0 {
		t.Skip("no IGTF distribution is installed: install igtf-policy-classic, -mics, -slcs and -iota, or set ARCLINT_IGTF_DIRS")
	}
	return dirs
}

// realSite is the base site with the distribution beside its own CA.
func realSite(t testing.TB, version string) *site.Site {
	t.Helper()
	base, err := fixtures.Base(version)
	if err != nil {
		t.Fatal(err)
	}
	tree := rootfs.Overlay(base.Tree)
	for _, dir := range igtfDirs(t) {
		if err := installProfile(tree, dir); err != nil {
			t.Fatal(err)
		}
	}
	return loadSite(t, &fixtures.Site{Tree: tree, Now: base.Now, ARCVersion: base.ARCVersion, OSFamily: base.OSFamily, Evidence: base.Evidence})
}

func installProfile(tree *rootfs.Mem, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		from := filepath.Join(dir, e.Name())
		to := installedSet + "/" + filepath.Base(dir) + "/" + e.Name()
		if e.Type()&fs.ModeSymlink != 0 {
			target, err := os.Readlink(from)
			if err != nil {
				return err
			}
			if err := tree.Symlink(target, to); err != nil {
				return err
			}
		} else {
			data, err := os.ReadFile(from)
			if err != nil {
				return err
			}
			if err := tree.WriteFile(to, data, 0o644); err != nil {
				return err
			}
		}
		if err := tree.Symlink(to, site.GridCADir+"/"+e.Name()); err != nil {
			return err
		}
	}
	return nil
}

// onEverySet are the findings on a site that has installed the distribution and
// not yet run fetch-crl. They are true, and advice but for the CRLs.
var onEverySet = []string{
	"warning trust/crl-missing " + site.GridCADir,       // the packages bring no CRLs
	"note trust/issuer-impersonation " + site.GridCADir, // eight public roots, in all three releases
}

// on7 are the findings that only the 7 series gives.
var on7 = []string{
	"note trust/signing-policy-not-enforced " + site.GridCADir, // the same roots, for clients
	"note trust/tls-curve /etc/arc.conf",                       // IGTF has CAs with P-256 and P-384 keys, and so have their users
}

// onRelease are the findings that the content of a release gives on 2026-11-23.
var onRelease = map[string][]string{
	"1.133": append(slices.Clone(outdated), "note trust/igtf-age "+installedSet+"/mics/cilogon-silver.info"),
	"1.134": append(slices.Clone(outdated), "note trust/igtf-age "+installedSet+"/mics/cilogon-silver.info"),
	// IGTF cut the subject of this CA at a blank: CN=UK for CN=UK e-Science CA 3B.
	"1.146": {"note trust/namespaces-mismatch " + installedSet + "/classic/UKeScienceCA-3B.namespaces"},
}

var outdated = []string{
	"warning trust/obsolete-igtf " + site.GridCADir, // CAs that 1.146 no longer has
	"warning trust/ca-expired " + site.GridCADir,    // seven CAs that expired since, KEK's and HellasGrid's among them
	"warning trust/ca-expiring " + installedSet + "/classic/SlovakGrid.pem",
}

// TestRealSet: on the real distribution nothing but what is true is found.
func TestRealSet(t *testing.T) {
	for _, version := range fixtures.Versions() {
		t.Run(version, func(t *testing.T) {
			s := realSite(t, version)
			findings := lint.Run(s, Rules).Findings
			var got []string
			for _, f := range findings {
				if f.Severity == lint.Error {
					t.Errorf("an error on the real distribution: %s", show(f))
				}
				got = append(got, fmt.Sprintf("%s %s %s", f.Severity, f.Rule, f.Path))
			}
			_, release := trustDirs(s)[0].oldestIGTF()
			expected, known := onRelease[release]
			if !known {
				t.Skipf("IGTF %s is not one of the releases whose findings are listed: install one that is, or list what is found in onRelease:\n%s", release, strings.Join(got, "\n"))
			}
			want := slices.Concat(onEverySet, expected)
			if !s.Release.SigningPolicies {
				want = append(want, on7...)
			}
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestRealSetWithPublicRoot: what a site adds by hand stands out among it.
func TestRealSetWithPublicRoot(t *testing.T) {
	c, err := fixtures.LoadRule("../../fixtures/rules/trust/issuer-impersonation.txtar")
	if err != nil {
		t.Fatal(err)
	}
	added := c.Variant("bad")
	tree := rootfs.Overlay(added.Tree)
	for _, dir := range igtfDirs(t) {
		if err := installProfile(tree, dir); err != nil {
			t.Fatal(err)
		}
	}
	added.Tree = tree
	var got []string
	for _, f := range lint.Run(loadSite(t, added.Site), []*lint.Rule{issuerImpersonation, publicCAAdmitsClients}).Findings {
		got = append(got, fmt.Sprintf("%s %s %s", f.Severity, f.Rule, f.Path))
	}
	root := site.GridCADir + "/AmazonRootCA1.pem"
	want := []string{"warning trust/issuer-impersonation " + root, "warning trust/public-ca-admits-clients " + root}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// BenchmarkRealSet runs all rules of the area on a site that nobody looked at.
func BenchmarkRealSet(b *testing.B) {
	s := realSite(b, "7.2.0")
	for b.Loop() {
		fresh := &site.Site{
			Config: s.Config, Now: s.Now, Release: s.Release, OSFamily: s.OSFamily, Conf: s.Conf, GridDir: s.GridDir,
			ClientDirs: s.ClientDirs, System: s.System, VOMS: s.VOMS, Host: s.Host, Named: s.Named, Evidence: s.Evidence,
		}
		lint.Run(fresh, Rules)
	}
}
