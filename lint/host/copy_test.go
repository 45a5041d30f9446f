package host_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/host"
)

// TestCopy: an archive of arc.conf alone says nothing of the host certificate,
// and no copy should hold the key.
func TestCopy(t *testing.T) {
	for _, tt := range []struct {
		name, root     string
		files          []string
		found, skipped []string
	}{
		{"running host", "/", nil, []string{"host/cert-missing", "host/key-missing"}, nil},
		{"arc.conf alone", "site.tar.gz", nil, nil, []string{"host/cert-missing", "host/key-missing"}},
		{"all but the pair", "site.tar.gz", []string{"/etc/grid-security/certificates/x"}, []string{"host/cert-missing"}, []string{"host/key-missing"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tree := rootfs.NewMem()
			for _, path := range append(tt.files, "/etc/arc.conf") {
				if err := tree.WriteFile(path, nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			s, err := site.Load(tree, site.Options{Root: tt.root, ARCVersion: "7.2.0", Now: time.Unix(0, 0)})
			if err != nil {
				t.Fatal(err)
			}
			var found, skipped []string
			res := lint.Run(s, host.Rules)
			for _, f := range res.Findings {
				found = append(found, f.Rule)
			}
			for _, skip := range res.Skips {
				if skip.Rule == "host/cert-missing" || skip.Rule == "host/key-missing" {
					skipped = append(skipped, skip.Rule)
				}
			}
			if diff := cmp.Diff([][]string{tt.found, tt.skipped}, [][]string{found, skipped}); diff != "" {
				t.Errorf("found and skipped (-want +got):\n%s", diff)
			}
		})
	}
}
