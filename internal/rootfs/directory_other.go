//go:build !linux

package rootfs

import (
	"io"
	"io/fs"
	"os"
)

// directory is an open directory. A link to a place outside it is not followed.
type directory struct {
	root *os.Root
	kept bool // it stays open until the tree is closed
}

func openRoot(path string) (*directory, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &directory{root: root}, nil
}

func (d *directory) open(name string) (*directory, error) {
	root, err := d.root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &directory{root: root}, nil
}

// Close closes the directory.
func (d *directory) Close() error { return d.root.Close() }

func (d *directory) lstat(name string) (Info, error) {
	found, err := d.root.Lstat(name)
	if err != nil {
		return Info{}, err
	}
	return infoOf(found), nil
}

func (d *directory) readlink(name string) (string, error) { return d.root.Readlink(name) }

func (d *directory) openFile(name string) (io.ReadCloser, Info, error) {
	f, err := d.root.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, Info{}, err
	}
	opened, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, Info{}, err
	}
	return f, infoOf(opened), nil
}

func (d *directory) entries(max int) ([]fs.DirEntry, error) {
	f, err := d.root.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(max)
}

func infoOf(found fs.FileInfo) Info {
	uid, gid := owner(found)
	return Info{Mode: found.Mode(), UID: uid, GID: gid, Size: found.Size(), ModTime: found.ModTime()}
}
