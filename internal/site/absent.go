package site

import (
	"fmt"
	"path"

	"arclint/internal/rootfs"
)

// absent says what to do where there is no arc.conf: whoever runs arclint for the
// first time runs it on another machine than the CE, or packed a directory too many.
func absent(fsys rootfs.FS, opts Options, conf string) error {
	if opts.Root == "/" {
		return fmt.Errorf("%s: does not exist: this machine is no ARC CE, or its arc.conf is elsewhere; give --config PATH, "+
			"--root with a copy of a CE, or try --example dune", conf)
	}
	if dir := nestedRoot(fsys, conf); dir != "" {
		return fmt.Errorf("%s: does not exist in this root, and %s does: give the directory %s of it as --root, or pack that alone",
			conf, path.Join(dir, conf), dir)
	}
	return fmt.Errorf("%s: does not exist in this root; give --root or --config", conf)
}

// How far a root is looked for: a home directory may be large.
const (
	maxNested = 3
	maxLooked = 500
)

// nestedRoot is the directory below which the root of a CE seems to be, "" where
// none is near.
func nestedRoot(fsys rootfs.FS, conf string) string {
	left := maxLooked
	var below func(dir string, depth int) string
	below = func(dir string, depth int) string {
		if found, err := fsys.Lstat(path.Join(dir, conf)); err == nil && found.Mode.IsRegular() && depth > 0 {
			return dir
		}
		entries, err := fsys.ReadDir(dir)
		if err != nil || depth == maxNested {
			return ""
		}
		for _, entry := range entries {
			if left--; left < 0 || !entry.Mode.IsDir() {
				continue
			}
			if found := below(entry.Path, depth+1); found != "" {
				return found
			}
		}
		return ""
	}
	return below("/", 0)
}
