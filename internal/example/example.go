// Package example opens the sites that are inside the binary, for trying
// arclint without a CE.
package example

import (
	"fmt"
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
	m, err := manifest.Load(sites.Embedded, dirs[i][1])
	if err != nil {
		return Example{}, err
	}
	return Example{Tree: m.Tree, Now: m.Now, ARCVersion: m.ARCVersion, OSFamily: m.OSFamily}, nil
}
