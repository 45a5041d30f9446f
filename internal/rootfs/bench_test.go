package rootfs

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkTrustDirectory looks at and reads a trust directory of 2000 entries,
// half of them links.
func BenchmarkTrustDirectory(b *testing.B) {
	root := b.TempDir()
	dir := filepath.Join(root, "etc/grid-security/certificates")
	must(b, os.MkdirAll(dir, 0o755))
	for i := range 1000 {
		name := fmt.Sprintf("ca%d.pem", i)
		must(b, os.WriteFile(filepath.Join(dir, name), make([]byte, 2000), 0o644), os.Symlink(name, filepath.Join(dir, fmt.Sprintf("%08x.0", i))))
	}
	for b.Loop() {
		tree, err := Dir(root)
		must(b, err)
		entries, err := tree.ReadDir("/etc/grid-security/certificates")
		must(b, err)
		for _, e := range entries {
			if e.Mode&fs.ModeSymlink != 0 {
				_, err = tree.Readlink(e.Path)
			} else {
				_, err = tree.ReadFile(e.Path, 1<<20)
			}
			must(b, err)
		}
		must(b, tree.Close())
	}
}
