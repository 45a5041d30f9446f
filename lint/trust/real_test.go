package trust

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
)

func TestScratchReal(t *testing.T) {
	for _, suite := range []string{"bookworm", "trixie", "sid"} {
		for _, v := range fixtures.Versions() {
			b, err := fixtures.Base(v)
			if err != nil {
				t.Fatal(err)
			}
			tree := rootfs.Overlay(b.Tree)
			for _, e := range must(b.Tree.ReadDir("/etc/grid-security/certificates")) {
				if err := tree.Remove(e.Path); err != nil {
					t.Fatal(err)
				}
			}
			dirs, _ := filepath.Glob("/tmp/w/root/" + suite + "/usr/share/igtf-policy/*")
			for _, dir := range dirs {
				es, _ := os.ReadDir(dir)
				for _, e := range es {
					p := filepath.Join("/usr/share/igtf-policy", filepath.Base(dir), e.Name())
					if e.Type()&fs.ModeSymlink != 0 {
						l, _ := os.Readlink(filepath.Join(dir, e.Name()))
						tree.Symlink(l, p)
					} else {
						d, _ := os.ReadFile(filepath.Join(dir, e.Name()))
						tree.WriteFile(p, d, 0o644)
					}
					tree.Symlink(p, "/etc/grid-security/certificates/"+e.Name())
				}
			}
			t0 := time.Now()
			s, err := site.Load(tree, site.Options{Root: "/", ARCVersion: b.ARCVersion, OSFamily: site.OSFamily(b.OSFamily), Now: b.Now, Evidence: b.Evidence})
			if err != nil {
				t.Fatal(err)
			}
			t1 := time.Now()
			res := lint.Run(s, Rules)
			t.Logf("=== %s %s load %v run %v anchors %d", suite, v, t1.Sub(t0), time.Since(t1), len(trustDirs(s)[0].anchors))
			if v == "7.0.0" {
				continue
			}
			for _, f := range res.Findings {
				t.Logf("%s %s", f.Rule, strings.ReplaceAll(show(f), "/usr/share/igtf-policy", ""))
			}
			for _, f := range res.Skips {
				t.Logf("SKIP %s %s", f.Rule, f.Reason)
			}
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
