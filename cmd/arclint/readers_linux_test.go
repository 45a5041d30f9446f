package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/internal/rootfs"
)

// BenchmarkReaders runs check on each reader's worst case, as a process of the
// program, from 64 KiB to the size at which the file is left out: `make
// bench-readers`. us/KiB stays where the cost grows with the file, and doubles from
// line to line where it grows with its square.
func BenchmarkReaders(b *testing.B) {
	program := builtProgram(b)
	base, err := fixtures.Base("7.2.0")
	must(b, err)
	for _, c := range worstCases(b) {
		b.Run(strings.ReplaceAll(c.name, " ", "-"), func(b *testing.B) {
			for n, whole := 64<<10, true; whole && n <= cmp.Or(c.limit, maxMeasured); n *= 2 {
				root := c.write(b, base.Tree, n)
				args := []string{"check", "--format", "json", "--root", root, "--arc-version", base.ARCVersion, "--now", base.Now.Format(time.RFC3339)}
				if whole = readsAll(b, program, args); !whole {
					b.Logf("%s: %d KiB are not read to the end", c.name, n>>10)
					break
				}
				b.Run(fmt.Sprintf("%dKiB", n>>10), func(b *testing.B) { grow(b, program, args, n>>10, "us/KiB") })
				must(b, os.RemoveAll(root))
			}
		})
	}
}

// readsAll says whether the program leaves nothing out: it would not be the cost
// of reading it that is measured.
func readsAll(b *testing.B, program string, args []string) bool {
	out, _ := exec.Command(program, args...).CombinedOutput()
	for _, reason := range []error{rootfs.ErrBudget, rootfs.ErrTooLarge, rootfs.ErrTooMany} {
		if bytes.Contains(out, []byte(reason.Error())) {
			return false
		}
	}
	return !bytes.Contains(out, []byte("too large"))
}

// write makes the root of a case of n bytes.
func (c worstCase) write(b *testing.B, base rootfs.FS, n int) string {
	root := filepath.Join(b.TempDir(), "ce")
	if c.tree != nil {
		must(b, os.WriteFile(root, c.tree(n), 0o644))
		return root
	}
	must(b, writeTree(root, base))
	for path, text := range c.files(n) {
		name := filepath.Join(root, path)
		must(b, os.MkdirAll(filepath.Dir(name), 0o755))
		must(b, os.WriteFile(name, []byte(text), 0o644))
	}
	return root
}
