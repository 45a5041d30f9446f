package rootfs

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// Tree is a directory of this machine as the root of a site. Everything is
// opened one name at a time from the directory above it, so that not even a
// link that is put in place while arclint reads leads out of the root.
type Tree struct {
	root *directory
	mu   sync.Mutex
	dirs map[string]*directory // open directories: an entry costs one look-up, not one for each part of its path
}

// maxOpenDirs is how many directories stay open.
const maxOpenDirs = 64

// Dir is the tree below a directory of this machine. Errors are those of
// opening it.
func Dir(path string) (*Tree, error) {
	root, err := openRoot(path)
	if err != nil {
		return nil, err
	}
	root.kept = true
	return &Tree{root: root, dirs: map[string]*directory{}}, nil
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
	dir, name, err := t.parent(p)
	if err != nil {
		return Info{}, failed("lstat", p, cause(err))
	}
	defer dir.release()
	info, err := dir.lstat(name)
	if err != nil {
		return Info{}, failed("lstat", p, cause(err))
	}
	info.Path = p
	return info, nil
}

// Readlink implements FS.
func (t *Tree) Readlink(p string) (string, error) {
	p = clean(p)
	dir, name, err := t.parent(p)
	if err != nil {
		return "", failed("readlink", p, cause(err))
	}
	defer dir.release()
	target, err := dir.readlink(name)
	if err != nil {
		return "", failed("readlink", p, cause(err))
	}
	return target, nil
}

// ReadFile implements FS. It looks before it opens, so that no FIFO or device
// is touched, and ReadListed looks again at what it has opened.
func (t *Tree) ReadFile(p string, limit int64) ([]byte, error) {
	before, err := t.Lstat(p)
	if err != nil {
		return nil, err
	}
	if err := readable(before.Mode, before.Size, limit); err != nil {
		return nil, failed("open", before.Path, err)
	}
	data, _, err := t.ReadListed(before.Path, limit)
	return data, err
}

// ReadListed implements Lister. What stands at the path by now is opened
// without waiting and without following a link, and closed unread where it is
// no regular file.
func (t *Tree) ReadListed(p string, limit int64) ([]byte, Info, error) {
	return t.ReadUnless(p, limit, func(Info) bool { return false })
}

// ReadUnless implements Unless.
func (t *Tree) ReadUnless(p string, limit int64, skip func(Info) bool) ([]byte, Info, error) {
	p = clean(p)
	dir, name, err := t.parent(p)
	if err != nil {
		return nil, Info{}, failed("open", p, cause(err))
	}
	defer dir.release()
	f, info, err := dir.openFile(name)
	if err != nil {
		return nil, Info{}, failed("open", p, cause(err))
	}
	defer f.Close()
	info.Path = p
	if err := readable(info.Mode, info.Size, limit); err != nil {
		return nil, info, failed("open", p, err)
	}
	if skip(info) {
		return nil, info, ErrSkipped
	}
	data, err := readAll(f, p, info.Size, limit)
	return data, info, err
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
		if err == io.EOF || err == nil && size > 0 && int64(len(data)) >= size {
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
	names, err := t.Names(p)
	if err != nil {
		return nil, err
	}
	p = clean(p)
	entries := make([]Info, 0, len(names))
	for _, n := range names {
		info, err := t.Lstat(join(p, n.Name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed since the directory was read
		}
		if err != nil {
			return nil, err
		}
		entries = append(entries, info)
	}
	return entries, nil
}

// Names implements Lister.
func (t *Tree) Names(p string) ([]Name, error) {
	p = clean(p)
	dir, err := t.open(p)
	if err != nil {
		return nil, failed("readdir", p, t.notDir(p, cause(err)))
	}
	defer dir.release()
	found, err := dir.entries(maxEntries + 1)
	if err != nil && err != io.EOF {
		return nil, failed("readdir", p, cause(err))
	}
	if len(found) > maxEntries {
		return nil, failed("readdir", p, ErrTooMany)
	}
	names := make([]Name, len(found))
	for i, e := range found {
		names[i] = Name{Name: e.Name(), Type: e.Type()}
	}
	slices.SortFunc(names, func(a, b Name) int { return strings.Compare(a.Name, b.Name) })
	return names, nil
}

// notDir tells something that is no directory from nothing at all.
func (t *Tree) notDir(p string, err error) error {
	if info, statErr := t.Lstat(p); statErr == nil && !info.Mode.IsDir() {
		return ErrNotDir
	}
	return err
}

// parent gives the open directory in which the clean path stands, and its name
// there. The caller releases the directory.
func (t *Tree) parent(p string) (*directory, string, error) {
	if p == "/" {
		return t.root, ".", nil
	}
	cut := strings.LastIndexByte(p, '/')
	if cut == 0 {
		return t.root, p[1:], nil
	}
	dir, err := t.open(p[:cut])
	return dir, p[cut+1:], err
}

// open gives the directory at the clean path. The caller releases it.
func (t *Tree) open(p string) (*directory, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.openLocked(p)
}

func (t *Tree) openLocked(p string) (*directory, error) {
	if p == "/" {
		return t.root, nil
	}
	if dir, ok := t.dirs[p]; ok {
		return dir, nil
	}
	above, err := t.openLocked(path.Dir(p))
	if err != nil {
		return nil, err
	}
	defer above.release()
	dir, err := above.open(path.Base(p))
	if err != nil {
		return nil, err
	}
	if len(t.dirs) < maxOpenDirs {
		dir.kept = true
		t.dirs[p] = dir
	}
	return dir, nil
}

// release closes a directory that does not stay open.
func (d *directory) release() {
	if !d.kept {
		d.Close()
	}
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
