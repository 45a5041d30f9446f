package gridsec

import (
	"errors"
	"io/fs"

	"arclint/internal/rootfs"
)

// Obstacle says why an entry leads to no file that can be read.
type Obstacle int

// The obstacles.
const (
	NoObstacle Obstacle = iota
	Dangling            // what a link leads to does not exist
	Loop                // links in a circle
	NotRegular          // a directory, a FIFO, a device
	TooLarge            // larger than is read
	Denied              // this user may not read it
	OtherObstacle
)

// Obstacle sorts Entry.Err.
func (e *Entry) Obstacle() Obstacle {
	switch {
	case e.Err == nil:
		return NoObstacle
	case errors.Is(e.Err, rootfs.ErrLoop):
		return Loop
	case errors.Is(e.Err, rootfs.ErrNotRegular):
		return NotRegular
	case errors.Is(e.Err, rootfs.ErrTooLarge):
		return TooLarge
	case errors.Is(e.Err, fs.ErrPermission):
		return Denied
	case errors.Is(e.Err, fs.ErrNotExist):
		return Dangling
	}
	return OtherObstacle
}

// Unseen says whether the CE may well read a file here, and arclint did not: it may
// not, or the file is beyond what it reads.
func (e *Entry) Unseen() bool { return Unseen(e.Err) }

// Unseen says of the error of a file whether the CE may well read it all the same.
func Unseen(err error) bool {
	switch (&Entry{Err: err}).Obstacle() {
	case Denied, TooLarge, OtherObstacle:
		return true
	}
	return false
}

// Unseen is what of the directory the CE may well read and arclint did not: the
// directory, or the first file that the lookup by hash may ask for. It is "" where
// all was seen.
func (d *Dir) Unseen() string {
	if d.Err != nil {
		if errors.Is(d.Err, fs.ErrNotExist) || errors.Is(d.Err, rootfs.ErrNotDir) {
			return ""
		}
		return d.Path
	}
	for _, h := range d.hashed {
		if h.entry.Unseen() {
			return h.entry.Path
		}
	}
	return ""
}
