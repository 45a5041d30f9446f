// Package rootfs shows the files of a site as the site itself sees them: paths
// are absolute, links are followed inside the root and never out of it, only
// regular files of bounded size are opened. A FIFO, a device or a socket is
// never opened. It reads the site and cannot write to it; what a repair would
// change is written to an Overlay, which stays in memory.
package rootfs

import (
	"errors"
	"io/fs"
	"path"
	"time"
)

// The reasons why a path gives no content. Test with errors.Is; a path that
// does not exist, or that runs through something that is no directory, gives
// fs.ErrNotExist.
var (
	ErrNotRegular = errors.New("not a regular file")
	ErrNotDir     = errors.New("not a directory")
	ErrTooLarge   = errors.New("file is larger than the limit")
	ErrLoop       = errors.New("too many levels of symbolic links")
	ErrTooMany    = errors.New("directory has more entries than the limit")
)

// maxEntries is how many entries of a directory are read: more give ErrTooMany.
const maxEntries = 1 << 16

// FS is the file tree of a site. The parent parts of a path are real
// directories: Resolve, Lstat, Stat, Read and List of this package take any
// path and follow the links in it. All methods may be called at the same time.
type FS interface {
	// Lstat says what stands at path without following a link in its last part.
	Lstat(path string) (Info, error)
	// Readlink gives the target of the link at path, verbatim.
	Readlink(path string) (string, error)
	// ReadFile gives the bytes of the regular file at path, which has no links
	// in it (Resolve gives such a path). limit is in bytes. The caller owns
	// the bytes.
	ReadFile(path string, limit int64) ([]byte, error)
	// ReadDir lists the directory at path (no links in it), sorted by name.
	ReadDir(path string) ([]Info, error)
}

// Info describes one entry. UID and GID are -1 where the tree does not say (an
// archive without owners, a file system that has none).
type Info struct {
	Path     string // absolute, as the site sees it
	Mode     fs.FileMode
	UID, GID int
	Size     int64
	ModTime  time.Time
	ID       ID // of a file that has several names; else zero
}

// ID tells whether two names, of hard links, are those of one file.
type ID struct{ Device, File uint64 }

// Linked says whether the file has other names.
func (i Info) Linked() bool { return i.ID != ID{} }

// Name is the last part of the path.
func (i Info) Name() string { return path.Base(i.Path) }

// clean makes a path absolute and shortest. It is for paths without links:
// ".." takes away the part before it.
func clean(p string) string {
	if isClean(p) {
		return p
	}
	return path.Clean("/" + p)
}

// isClean recognizes nearly all clean paths without an allocation.
func isClean(p string) bool {
	if len(p) < 2 || p[0] != '/' {
		return p == "/"
	}
	for i := 0; i < len(p); i++ {
		if p[i] == '/' && (i+1 == len(p) || p[i+1] == '/' || p[i+1] == '.') {
			return false
		}
	}
	return true
}

func failed(op, path string, err error) error {
	return &fs.PathError{Op: op, Path: path, Err: err}
}
