package gridsec

import (
	"path"
	"slices"
	"strings"

	"arclint/internal/rootfs"
)

// Where so many links lead to one directory, its names are read; of so many
// directories at most.
const (
	manyLinks = 16
	manyDirs  = 8
)

// filesOutside lists the directories outside to which many links of the directory lead.
// The packages of IGTF link some hundred files of four directories.
func (r *Reader) filesOutside(d *Dir) outside {
	links := map[string]int{}
	for _, e := range d.Entries {
		if dir, _ := split(e.Target); dir != "" {
			links[dir]++
		}
	}
	var dirs []string
	for dir, n := range links {
		if n >= manyLinks && len(links) <= manyDirs {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	lists := make([]listing, len(dirs))
	r.each(len(dirs), func(i int) { lists[i] = r.listing(dirs[i]) })
	out := outside{}
	for i, dir := range dirs {
		out[dir] = lists[i]
	}
	return out
}

// listing is that of a directory, an empty one where it cannot be found.
func (r *Reader) listing(dir string) listing {
	at, err := r.resolver.Resolve(dir)
	if err != nil {
		return listing{}
	}
	names, _ := r.namesIn(at) // where they cannot be read, each is looked at
	return listing{at, names}
}

// outside are lists of names, by the directories that links name.
type outside map[string]listing

type listing struct {
	at    string // the directory, free of links
	names []rootfs.Name
}

// file is the regular file that the target of a link names, if it is listed: its path,
// and no more.
func (o outside) file(target string) (rootfs.Info, bool) {
	dir, name := split(target)
	l := o[dir]
	i, found := slices.BinarySearchFunc(l.names, name, func(n rootfs.Name, name string) int { return strings.Compare(n.Name, name) })
	if !found || !l.names[i].Type.IsRegular() {
		return rootfs.Info{}, false
	}
	file := target
	if l.at != dir {
		file = path.Join(l.at, name)
	}
	return rootfs.Info{Path: file, UID: -1, GID: -1}, true
}

// split parts a clean absolute path below a directory; dir is "" for any other.
func split(target string) (dir, name string) {
	cut := strings.LastIndexByte(target, '/')
	if cut <= 0 || target[0] != '/' || path.Clean(target) != target {
		return "", ""
	}
	return target[:cut], target[cut+1:]
}
