package rootfs

import (
	"errors"
	"io/fs"
	"strings"
)

// ErrNotCopied says of a link in a copy of a site that it leads to a place of
// which the copy holds nothing, such as /cvmfs: what stands there on the site is
// not known. It is no fs.ErrNotExist.
var ErrNotCopied = errors.New("a link leads here, and this copy of the site does not hold it: add it to the copy")

// AsCopy makes the tree one of a copy, which may hold less than the site.
func (b *Bounded) AsCopy() *Bounded {
	b.copied = true
	return b
}

// leadsOut makes ErrNotCopied of a missing part below dir, where a link in the
// directory from leads to it and the tree is a copy that does not hold the place.
func (r *Resolver) leadsOut(dir, from string, err error) error {
	b, ok := r.fsys.(*Bounded)
	if !ok || !b.copied || from == "" || dir == from || !errors.Is(err, fs.ErrNotExist) || holds(dir) {
		return err
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		return failed("resolve", at.Path, ErrNotCopied)
	}
	return failed("resolve", dir, ErrNotCopied)
}

// holds says whether a copy that has the directory has what stood in it: not so of
// the upper ones, of which it has what leads to other things.
func holds(dir string) bool {
	depth := strings.Count(strings.TrimRight(dir, "/"), "/")
	if strings.HasPrefix(dir, "/usr/") || strings.HasPrefix(dir, "/var/") {
		return depth > 2
	}
	return depth > 1
}
