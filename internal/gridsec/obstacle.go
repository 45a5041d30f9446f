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
