// Package rootfs shows the files of a site as the site itself sees them: paths
// are absolute, links are followed inside the root and never out of it, only
// regular files of bounded size are opened. A FIFO, a device or a socket is
// never opened. It reads; it cannot write.
package rootfs

import (
	"errors"
	"io/fs"
	"time"
)

// The reasons why a path gives no content. Test with errors.Is; a path that
// does not exist gives fs.ErrNotExist.
var (
	ErrNotRegular = errors.New("not a regular file")
	ErrTooLarge   = errors.New("file is larger than the limit")
	ErrLoop       = errors.New("too many levels of symbolic links")
	ErrTooMany    = errors.New("directory has more entries than the limit")
)

// FS is the file tree of a site.
type FS interface {
	// Lstat says what stands at path without following a link in its last part.
	Lstat(path string) (Info, error)
	// Readlink gives the target of the link at path, verbatim.
	Readlink(path string) (string, error)
	// ReadFile gives the bytes of the regular file at path, which has no links
	// in it (Resolve gives such a path). limit is in bytes.
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
}
