package recipes_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

// TestReadAgain: what a recipe leaves is read as it is, though what the recipe does
// not touch is not read again.
func TestReadAgain(t *testing.T) {
	for name, c := range cases(t) {
		base, options := c.files.mem(t), site.Options{ARCVersion: c.site.Release.Version, Now: pki.Now}
		before, err := site.Load(base, options)
		if err != nil {
			t.Fatal(err)
		}
		load := func(fsys rootfs.FS) (*site.Site, error) {
			options := options
			whole, err := site.Load(fsys, options)
			if err != nil {
				return nil, err
			}
			options.Before = before
			again, err := site.Load(fsys, options)
			if err != nil {
				return nil, err
			}
			if diff := cmp.Diff(saidOf(whole), saidOf(again)); diff != "" {
				t.Errorf("%s: read whole and read again:\n%s", name, diff)
			}
			return again, nil
		}
		if _, err := recipes.Try(before, base, c.plan, load); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// saidOf are the findings and all that stands in the trust directories.
func saidOf(s *site.Site) []string {
	var said []string
	for _, f := range lint.Run(s, catalog.All()).Findings {
		said = append(said, fmt.Sprintf("%s %s %v %s", f.Rule, f.Path, f.Span.Begin(), f.Message()))
	}
	for _, d := range append(s.ClientDirs, s.GridDir, s.System.Dir) {
		said = append(said, fmt.Sprintf("%s %v %v", d.Path, d.Info, d.Err))
		for _, e := range d.Entries {
			text := fmt.Sprintf("%v %s %v", e.Info, e.Target, e.Err)
			if e.File != nil {
				text += fmt.Sprintf(" %s %v %v %d", e.File.Path, e.File.Names, e.File.Info, len(e.File.Certificates))
			}
			said = append(said, text)
		}
	}
	return said
}
