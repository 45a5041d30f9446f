package recipes_test

import (
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/recipes"
)

// TestARC5: no recipe makes a plan for an arc.conf of ARC 5.
func TestARC5(t *testing.T) {
	tree := rootfs.NewMem()
	if err := tree.WriteFile("/etc/arc.conf", []byte("[common]\n[grid-manager]\n[gridftpd]\nport=\"2811\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := site.Load(tree, site.Options{ARCVersion: "6.17.0", Target: "7.2.0", Now: pki.Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range recipes.All() {
		if r.Where != nil && !r.Where(s.Release) {
			continue
		}
		if _, err := r.Make(s, recipes.Params{}); err == nil || !strings.Contains(err.Error(), "one of ARC 5") {
			t.Errorf("%s: %v", r.ID, err)
		}
	}
}
