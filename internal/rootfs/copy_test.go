package rootfs_test

import (
	"errors"
	"io/fs"
	"testing"

	"arclint/internal/rootfs"
)

// TestNotCopied: a link out of a copy is not one to nothing, and on the site
// itself it is.
func TestNotCopied(t *testing.T) {
	m := rootfs.NewMem()
	for _, path := range []string{"/etc/grid-security/x", "/usr/share/arc/x", "/usr/lib/python3/x"} {
		if err := m.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for i, tt := range []struct {
		target string
		want   error // in a copy
	}{
		{"/cvmfs/grid.example.org/certificates", rootfs.ErrNotCopied},
		{"/usr/share/igtf-policy/classic", rootfs.ErrNotCopied},
		{"../pki/tls", rootfs.ErrNotCopied},
		{"/usr/share/arc/certificates", fs.ErrNotExist},
		{"/etc/grid-security/certificates-2025", fs.ErrNotExist},
		{"certificates-2025", fs.ErrNotExist},
	} {
		link := "/etc/grid-security/link" + string(rune('a'+i))
		if err := m.Symlink(tt.target, link); err != nil {
			t.Fatal(err)
		}
		budget := rootfs.NewBudget(1 << 20)
		for _, path := range []string{link, link + "/0a1b2c3d.0"} {
			if _, err := rootfs.Stat(rootfs.Bound(m, budget).AsCopy(), path); !errors.Is(err, tt.want) {
				t.Errorf("%s to %s in a copy: %v, want %v", path, tt.target, err, tt.want)
			}
			if _, err := rootfs.Stat(rootfs.Bound(m, budget), path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s to %s on the site: %v", path, tt.target, err)
			}
		}
	}
}
