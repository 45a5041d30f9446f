package gridsec

import (
	"io/fs"
	"path"

	"arclint/internal/rootfs"
)

// crowd is how many links must lead into one directory before it is listed:
// Debian's packages link a whole IGTF profile, and one list is cheaper than a
// look at each target.
const crowd = 16

// crowdedDir is a directory to which many links lead.
type crowdedDir struct {
	path    string // resolved
	regular map[string]bool
}

// crowdedTargets lists the directories into which many links of d lead. One that
// cannot be listed is left out: each of its targets is then looked at.
func (r *Reader) crowdedTargets(d *Dir) map[string]crowdedDir {
	links := map[string]int{}
	for _, e := range d.Entries {
		if path.IsAbs(e.Target) {
			links[path.Dir(e.Target)]++
		}
	}
	crowded := map[string]crowdedDir{}
	for dir, n := range links {
		if n < crowd {
			continue
		}
		if l, err := r.listTypes(dir); err == nil {
			crowded[dir] = l
		}
	}
	return crowded
}

func (r *Reader) listTypes(dir string) (crowdedDir, error) {
	resolved, err := r.resolver.Resolve(dir)
	if err != nil {
		return crowdedDir{}, err
	}
	names, err := rootfs.Names(r.fsys, resolved)
	if err != nil {
		return crowdedDir{}, err
	}
	l := crowdedDir{path: resolved, regular: make(map[string]bool, len(names))}
	for _, n := range names {
		l.regular[n.Name] = n.Type.IsRegular()
	}
	return l, nil
}

// lookUp finds a target that is a regular file; of it no more is known than its
// path and its type. ok is false where the target must be looked at.
func lookUp(crowded map[string]crowdedDir, target string) (info rootfs.Info, ok bool) {
	dir, name := path.Split(target)
	l, listed := crowded[path.Clean(dir)]
	if !listed || !l.regular[name] {
		return rootfs.Info{}, false
	}
	return rootfs.Info{Path: path.Join(l.path, name), Mode: fs.FileMode(0), UID: -1, GID: -1}, true
}
