package rootfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"sync"
	"syscall"
)

// Tree is a directory of this machine as the root of a site. Everything is
// opened below an os.Root, so that not even a link that is put in place while
// arclint reads leads out of it.
type Tree struct {
	root *os.Root
	mu   sync.Mutex
	dirs map[string]*os.Root // open directories: an entry costs one look-up, not one for each part of its path
}

// maxOpenDirs is how many directories stay open.
const maxOpenDirs = 64

// Dir is the tree below a directory of this machine. Errors are those of
// os.OpenRoot.
func Dir(path string) (*Tree, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Tree{root: root, dirs: map[string]*os.Root{}}, nil
}

// Close closes the directories that are open. The tree cannot be used after it.
func (t *Tree) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	err := t.root.Close()
	for _, dir := range t.dirs {
		err = errors.Join(err, dir.Close())
	}
	return err
}

// Lstat implements FS.
func (t *Tree) Lstat(p string) (Info, error) {
	p = clean(p)
	dir, name := t.parent(p)
	found, err := dir.Lstat(name)
	if err != nil {
		return Info{}, failed("lstat", p, cause(err))
	}
	return infoOf(p, found), nil
}

// Readlink implements FS.
func (t *Tree) Readlink(p string) (string, error) {
	p = clean(p)
	dir, name := t.parent(p)
	target, err := dir.Readlink(name)
	if err != nil {
		return "", failed("readlink", p, cause(err))
	}
	return target, nil
}

// ReadFile implements FS. It looks before it opens, so that no FIFO or device
// is touched, opens without waiting, and looks again at what it has opened.
func (t *Tree) ReadFile(p string, limit int64) ([]byte, error) {
	p = clean(p)
	dir, name := t.parent(p)
	before, err := dir.Lstat(name)
	if err != nil {
		return nil, failed("open", p, cause(err))
	}
	if err := readable(before.Mode(), before.Size(), limit); err != nil {
		return nil, failed("open", p, err)
	}
	f, err := dir.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, failed("open", p, cause(err))
	}
	defer f.Close()
	opened, err := f.Stat()
	if err != nil {
		return nil, failed("stat", p, cause(err))
	}
	if err := readable(opened.Mode(), opened.Size(), limit); err != nil {
		return nil, failed("open", p, err)
	}
	return readAll(f, p, opened.Size(), limit)
}

func readable(mode fs.FileMode, size, limit int64) error {
	switch {
	case !mode.IsRegular():
		return ErrNotRegular
	case size > limit:
		return ErrTooLarge
	}
	return nil
}

// readAll reads a file to the size that it had when it was opened, or to its
// end where that was said to be 0, as in /proc.
func readAll(f io.Reader, p string, size, limit int64) ([]byte, error) {
	data := make([]byte, 0, max(size, 512))
	for {
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if int64(len(data)) > limit {
			return nil, failed("read", p, ErrTooLarge)
		}
		if err == io.EOF || err == nil && size > 0 && int64(len(data)) == size {
			return data, nil
		}
		if err != nil {
			return nil, failed("read", p, cause(err))
		}
		if len(data) == cap(data) {
			data = slices.Grow(data, 512)
		}
	}
}

// ReadDir implements FS.
func (t *Tree) ReadDir(p string) ([]Info, error) {
	p = clean(p)
	dir, name := t.parent(p)
	if at, err := dir.Lstat(name); err == nil && !at.IsDir() {
		return nil, failed("readdir", p, ErrNotDir)
	}
	names, err := readNames(dir, name)
	if err != nil {
		return nil, failed("readdir", p, cause(err))
	}
	slices.Sort(names)
	here := t.open(p)
	entries := make([]Info, 0, len(names))
	for _, name := range names {
		var found fs.FileInfo
		if here != nil {
			found, err = here.Lstat(name)
		} else {
			found, err = t.root.Lstat(local(join(p, name)))
		}
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed since the directory was read
		}
		if err != nil {
			return nil, failed("lstat", join(p, name), cause(err))
		}
		entries = append(entries, infoOf(join(p, name), found))
	}
	return entries, nil
}

func readNames(dir *os.Root, name string) ([]string, error) {
	f, err := dir.OpenFile(name, os.O_RDONLY|nonBlocking|onlyDirectory, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(MaxEntries + 1)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(names) > MaxEntries {
		return nil, ErrTooMany
	}
	return names, nil
}

// parent gives an open directory and the name below it by which path is found:
// one part where its parent is open, all parts otherwise.
func (t *Tree) parent(p string) (*os.Root, string) {
	dir := path.Dir(p)
	if dir == "/" {
		return t.root, local(p)
	}
	if open := t.open(dir); open != nil {
		return open, path.Base(p)
	}
	return t.root, local(p)
}

// open gives the directory, nil where it cannot be opened or too many are open.
func (t *Tree) open(dir string) *os.Root {
	if dir == "/" {
		return t.root
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if open, ok := t.dirs[dir]; ok {
		return open
	}
	if len(t.dirs) >= maxOpenDirs {
		return nil
	}
	open, err := t.root.OpenRoot(local(dir))
	if err != nil {
		return nil
	}
	t.dirs[dir] = open
	return open
}

// local is the name below the root by which os.Root knows a clean path.
func local(p string) string {
	if p == "/" {
		return "."
	}
	return p[1:]
}

func infoOf(p string, found fs.FileInfo) Info {
	uid, gid := owner(found)
	return Info{Path: p, Mode: found.Mode(), UID: uid, GID: gid, Size: found.Size(), ModTime: found.ModTime()}
}

// cause takes away the wrapping that names the path below the root.
func cause(err error) error {
	var wrapped *fs.PathError
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return fs.ErrNotExist
	case errors.Is(err, syscall.ELOOP):
		return ErrLoop
	}
	return err
}
