package gridsec

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/rootfs"
)

// TestAgain changes drawn trees at drawn places: what a Reader gives that knows the
// tree before is what a new one gives.
func TestAgain(t *testing.T) {
	kept, wholly := 0, 0
	for seed := range uint64(3000) {
		draw := drawing{rand.New(rand.NewPCG(seed, 1)), testCA.PEM()}
		base := draw.tree(t)
		before := NewReader(base)
		read(before, "/d", "/e", "/d/link")
		before.File("/e/0/file")
		before.VOMSDir("/e")
		over := rootfs.Overlay(base)
		for range 1 + draw.IntN(3) {
			draw.change(over)
		}
		again, fresh := before.On(over, over.Changed()), NewReader(over)
		kept += len(again.files)
		if len(again.dirs) > 0 {
			wholly++
		}
		asked := []string{"/d", "/e", "/e/0", "/new", "/d/link"}
		if diff := cmp.Diff(read(fresh, asked...), read(again, asked...)); diff != "" {
			t.Fatalf("seed %d, changed %q:\n%s", seed, over.Changed(), diff)
		}
		if diff := cmp.Diff(told(fresh.File("/d/0/file")), told(again.File("/d/0/file"))); diff != "" {
			t.Fatalf("seed %d, changed %q, a file:\n%s", seed, over.Changed(), diff)
		}
	}
	t.Logf("%d files kept, all of %d trees", kept, wholly)
	if kept < 3000 || wholly < 100 {
		t.Errorf("%d files kept, all of %d trees: what is not read again is hardly asked", kept, wholly)
	}
}

// read tells all that a Reader gives of directories.
func read(r *Reader, dirs ...string) []string {
	var lines []string
	for _, name := range dirs {
		d := r.Dir(name)
		lines = append(lines, fmt.Sprintf("%s: %s %v %v", name, d.Resolved, d.Info, d.Err))
		for _, e := range d.Entries {
			lines = append(lines, fmt.Sprintf("  %s %v -> %q %v %s", e.Name, e.Info, e.Target, e.Err, told(e.File)))
		}
		for _, f := range d.Files {
			lines = append(lines, "  "+told(f))
		}
	}
	return lines
}

func told(f *File) string {
	if f == nil {
		return "no file"
	}
	text := fmt.Sprintf("%s %q %v %v", f.Path, f.Names, f.Info, f.Err)
	if f.Source != nil {
		text += fmt.Sprintf(" %q", f.Source.Data)
	}
	for _, c := range f.Certificates {
		text += fmt.Sprintf(" %s at %d, its file %v", c.SubjectName, c.Span.Start, c.File == f)
	}
	return text
}

// drawing draws trees with few names, so that much meets.
type drawing struct {
	*rand.Rand
	cert []byte
}

func (d drawing) path() string {
	parts := []string{"", []string{"d", "e", "far", "new"}[d.IntN(4)]}
	for range d.IntN(3) {
		parts = append(parts, []string{"0", "1", "link", "file", "x.pem", "x.signing_policy"}[d.IntN(6)])
	}
	return strings.Join(parts, "/")
}

func (d drawing) tree(t *testing.T) *rootfs.Mem {
	m := rootfs.NewMem()
	must(t, m.Mkdir("/d", 0o755), m.WriteFile("/e/0/file", d.cert, 0o644))
	for range 12 {
		d.change(m)
	}
	return m
}

// change does one thing to the tree; where it cannot be done, nothing.
func (d drawing) change(m *rootfs.Mem) {
	at := d.path()
	switch d.IntN(12) {
	case 0, 1, 2:
		_ = m.WriteFile(at, d.cert, 0o644)
	case 3:
		_ = m.WriteFile(at, fmt.Appendf(nil, "text %d", d.IntN(9)), 0o644)
	case 4, 5, 6:
		_ = m.Symlink([]string{d.path(), "../" + d.path(), "file", "0/file", "..", "x.pem"}[d.IntN(6)], at)
	case 7:
		_ = m.Link(d.path(), at)
	case 8:
		_ = m.Remove(at)
	case 9:
		_ = m.Mkdir(at, 0o755)
	case 10:
		_ = m.Chmod(at, fs.FileMode(d.IntN(0o1000)))
	case 11:
		_ = m.Deny(at)
	}
}
