// Package example opens the sites that are inside the binary, for trying
// arclint without a CE.
package example

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"arclint/fixtures/manifest"
	"arclint/fixtures/sites"
	"arclint/internal/rootfs"
)

// Example is a site inside the binary.
type Example struct {
	Tree       rootfs.FS
	Now        time.Time // when the story plays, so that nothing in it expires
	ARCVersion string
	OSFamily   string
}

// dirs names the fixture site of each example.
var dirs = [][2]string{
	{"dune", "dune-before-7.2"},
	{"upgrade", "upgrade-example-6.17"},
}

// Open gives the example of that name; an unknown name is an error that lists
// the known ones.
func Open(name string) (Example, error) {
	i := slices.IndexFunc(dirs, func(d [2]string) bool { return d[0] == name })
	if i < 0 {
		var names []string
		for _, d := range dirs {
			names = append(names, d[0])
		}
		return Example{}, fmt.Errorf("there is no example %q, want one of: %s", name, strings.Join(names, ", "))
	}
	m := manifest.New()
	if err := lay(m, dirs[i][1]); err != nil {
		return Example{}, err
	}
	return Example{Tree: m.Tree, Now: m.Now, ARCVersion: m.ARCVersion, OSFamily: m.OSFamily}, nil
}

// lay puts a site over m. A first line "on SITE" says on which other one it
// stands.
func lay(m *manifest.Site, dir string) error {
	text, err := fs.ReadFile(sites.Embedded, path.Join(dir, manifest.File))
	if err != nil {
		return err
	}
	lines, err := manifest.Parse(path.Join(dir, manifest.File), string(text))
	if err != nil {
		return err
	}
	if len(lines) > 0 && lines[0].Words[0] == "on" && len(lines[0].Words) == 2 {
		if err := lay(m, lines[0].Words[1]); err != nil {
			return err
		}
	}
	lines, err = m.Start(sites.Embedded, dir)
	if err != nil {
		return err
	}
	for i, line := range lines {
		if i == 0 && line.Words[0] == "on" {
			continue
		}
		known, err := m.Apply(line)
		if err == nil && !known {
			err = line.Errorf("unknown directive %q", line.Words[0])
		}
		if err != nil {
			return err
		}
	}
	return nil
}
