//go:build lab

package lab_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/confgen"
	"arclint/internal/arcref"
	"arclint/internal/conffmt"
	"arclint/internal/lab"
	"arclint/internal/source"
)

var formatted = flag.Int("formatted", 300, "how many generated configurations are formatted for each release")

// TestFormat lets ARC's own arcconfig-parser read generated configurations
// before and after they are formatted: it prints the same. 6.17 prints the
// blocks in the order of the file, so that only the order of those of one kind
// is compared there.
func TestFormat(t *testing.T) {
	eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
		ce := openBare(t, s, chroot)
		changed := 0
		var paths []string
		for i := range *formatted {
			before, after := fmt.Sprintf("/tmp/fmt/%d/before", i), fmt.Sprintf("/tmp/fmt/%d/after", i)
			ok(t, confgen.Write(ce.Path(before), rand.New(rand.NewPCG(*readingSeed, uint64(i)))))
			changed += formatTree(t, ce.Path(before), ce.Path(after))
			paths = append(paths, before+"/arc.conf", after+"/arc.conf")
		}
		answers := exported(t, ce, paths)
		failed, blocks := 0, 0
		for i := 0; i < len(answers); i += 2 {
			before, after := answers[i], answers[i+1]
			if before.Error != "" {
				failed++
			}
			blocks += len(before.Blocks)
			if s.Does.StrictStart {
				ordered(before.Blocks)
				ordered(after.Blocks)
			}
			if diff := cmp.Diff(before, after); diff != "" {
				disagree(t, s, "configuration %d of seed %d is read otherwise (-before +after):\n%s", i/2, *readingSeed, diff)
			}
		}
		t.Logf("%d configurations read alike: %d blocks, ARC gives up on %d; formatting changed %d files", *formatted, blocks, failed, changed)
		if n := *formatted; n >= 100 && (failed > n/4 || blocks < n || changed < n/2) {
			t.Error("the generator has gone astray: these numbers show that little was compared")
		}
	})
}

// ordered puts blocks into ARC's order; those of one kind keep theirs.
func ordered(list blocks) {
	place := func(b block) int {
		base := baseOf(b.Name)
		if base == "userlist" {
			base = "authgroup" // ARC 6 minds which stands first
		}
		if i := slices.Index(arcref.BlockOrder(), base); i >= 0 {
			return i
		}
		return len(arcref.BlockOrder())
	}
	slices.SortStableFunc(list, func(a, b block) int { return place(a) - place(b) })
}

// formatTree makes every file of a generated configuration sound, and writes it
// formatted below another directory. It counts the files that differ.
func formatTree(t *testing.T, from, to string) (changed int) {
	t.Helper()
	ok(t, filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		switch {
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case !d.Type().IsRegular():
			return os.Symlink("nothing", target)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		before, after, err := sound(path, data)
		if string(before) != string(after) {
			changed++
		}
		return errors.Join(err, os.WriteFile(path, before, 0o644), os.WriteFile(target, after, 0o644))
	}))
	return changed
}

// sound takes out the lines that are refused, one by one, and formats the rest.
func sound(path string, data []byte) (before, after []byte, err error) {
	data = []byte(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data)))
	for {
		f := source.New(path, data)
		after, err := conffmt.Format(f, strings.Contains(path, ".conf.d/"))
		var refused *conffmt.Error
		if !errors.As(err, &refused) {
			return data, after, err
		}
		line := source.Span{File: f, Start: refused.Span.Start, End: max(refused.Span.End, refused.Span.Start+1)}.Lines()
		data = slices.Concat(data[:line.Start], data[line.End:])
	}
}
