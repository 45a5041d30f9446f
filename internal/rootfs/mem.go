package rootfs

import (
	"bytes"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Mem is a tree in memory: alone (NewMem) or laid over another tree, which it
// leaves as it is (Overlay). Its methods that write follow links in the parent
// parts of a path and make parent directories that are missing (0755, owned by
// root). A new entry belongs to root.
type Mem struct {
	mu    sync.RWMutex
	base  FS // nil: nothing lies below
	nodes map[string]*node
	names map[string]map[string]bool // of the nodes, by directory
	now   time.Time

	linked uint64 // contents that have got an ID
	first  string // the first name that was left out
	left   int    // how many were
}

// node is what stands at one path. A gone node hides what the base has there.
type node struct {
	mode     fs.FileMode
	uid, gid int
	modTime  time.Time
	content  *content
	size     int64
	target   string
	gone     bool
	opaque   bool // a directory that does not show what the base has in it
	below    bool // the bytes are the base's
	left     bool // a file of an archive that was not kept, for want of room
	denied   bool
}

// content is shared by hard links.
type content struct {
	data []byte
	id   ID // zero where it has one name
}

// NewMem makes an empty tree.
func NewMem() *Mem { return Overlay(nil) }

// Overlay makes a tree that shows base until something is written to it. The
// base is never changed.
func Overlay(base FS) *Mem {
	m := &Mem{base: base, nodes: map[string]*node{}, names: map[string]map[string]bool{}}
	if base == nil {
		m.nodes["/"] = &node{mode: fs.ModeDir | 0o755}
	}
	return m
}

// LeftOut tells of the names of an archive that were left out since they are too
// long: the first of them, and how many there are.
func (m *Mem) LeftOut() (first string, n int) { return m.first, m.left }

func (m *Mem) leaveOut(name string) {
	if m.left++; m.left == 1 {
		m.first = name
	}
}

// Base is the tree over which this one is laid; nil for one that is alone.
func (m *Mem) Base() FS { return m.base }

// Changed are the clean paths at which this tree may differ from the one below it;
// below a path of them, all may.
func (m *Mem) Changed() []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return slices.Collect(maps.Keys(m.nodes))
}

// has says whether something stands at the clean path.
func (m *Mem) has(p string) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.nodes[p] != nil
}

// SetTime sets the modification time of what is written from now on; it is the
// zero time until then.
func (m *Mem) SetTime(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t
}

// WriteFile puts a regular file in place of whatever stands at path, a link
// included. A file that it replaces gives its owner to the new one.
func (m *Mem) WriteFile(path string, data []byte, perm fs.FileMode) error {
	n := &node{mode: perm & modeBits, content: &content{data: bytes.Clone(data)}, size: int64(len(data))}
	if old, err := Lstat(m, path); err == nil && old.Mode.IsRegular() {
		n.uid, n.gid = old.UID, old.GID
	}
	return m.put(path, n)
}

// Mkdir makes a directory, or sets the mode of one that is there.
func (m *Mem) Mkdir(path string, perm fs.FileMode) error {
	if there, err := Stat(m, path); err == nil && there.Mode.IsDir() {
		return m.Chmod(path, perm)
	}
	return m.put(path, &node{mode: fs.ModeDir | perm&modeBits, opaque: true})
}

// Symlink puts a link with the target in place of whatever stands at path.
func (m *Mem) Symlink(target, path string) error {
	return m.put(path, &node{mode: fs.ModeSymlink | 0o777, target: target, size: int64(len(target))})
}

// Link gives the regular file or special file old another name.
func (m *Mem) Link(old, path string) error {
	n, _, err := m.own(old)
	if err != nil {
		return err
	}
	if n.mode.IsDir() {
		return failed("link", old, ErrNotRegular)
	}
	if n.below {
		info, err := Lstat(m, old)
		if err != nil {
			return err
		}
		data, err := m.base.ReadFile(info.Path, info.Size)
		if err != nil {
			return err
		}
		n.content, n.below = &content{data: data}, false
	}
	if n.content != nil && n.content.id == (ID{}) {
		m.mu.Lock()
		m.linked++
		n.content.id = ID{^m.depth(), m.linked}
		m.mu.Unlock()
	}
	same := *n
	return m.put(path, &same)
}

// depth is how many trees in memory lie below: each counts its IDs for itself.
func (m *Mem) depth() uint64 {
	if base, ok := m.base.(*Mem); ok {
		return base.depth() + 1
	}
	return 0
}

// Special puts a FIFO, a socket or a device (the type bits of mode) at path.
func (m *Mem) Special(path string, mode fs.FileMode) error {
	return m.put(path, &node{mode: mode})
}

// Chmod sets the permission bits of what path leads to.
func (m *Mem) Chmod(path string, perm fs.FileMode) error {
	return m.edit(path, func(n *node) { n.mode = n.mode&^modeBits | perm&modeBits })
}

// Chown sets the owner of what path leads to.
func (m *Mem) Chown(path string, uid, gid int) error {
	return m.edit(path, func(n *node) { n.uid, n.gid = uid, gid })
}

// Chtimes sets the modification time of what path leads to.
func (m *Mem) Chtimes(path string, t time.Time) error {
	return m.edit(path, func(n *node) { n.modTime = t })
}

// Deny makes the file or directory that path leads to unreadable, as it is for
// a user without the right: reading it gives fs.ErrPermission.
func (m *Mem) Deny(path string) error {
	return m.edit(path, func(n *node) { n.denied = true })
}

// Remove takes away what stands at path, with everything in it.
func (m *Mem) Remove(path string) error {
	info, err := Lstat(m, path)
	if err != nil {
		return err
	}
	if info.Path == "/" {
		return failed("remove", "/", fs.ErrInvalid)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drop(info.Path)
	m.set(info.Path, &node{gone: true})
	return nil
}

const modeBits = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky

// put places a node at path.
func (m *Mem) put(p string, n *node) error {
	at, err := m.place(p)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if n.modTime.IsZero() {
		n.modTime = m.now
	}
	m.drop(at)
	m.set(at, n)
	return nil
}

// place gives the path without links at which path stands, and makes the
// directories that lead to it.
func (m *Mem) place(p string) (string, error) {
	p = path.Clean("/" + p)
	if p == "/" {
		return "", failed("write", p, fs.ErrInvalid)
	}
	dir, name := path.Split(p)
	parent, err := m.makeDirs(dir)
	return join(parent, name), err
}

// makeDirs resolves dir and makes what is missing of it.
func (m *Mem) makeDirs(dir string) (string, error) {
	dir = path.Clean("/" + dir)
	info, err := Stat(m, dir)
	if err == nil && info.Mode.IsDir() {
		return info.Path, nil
	}
	if err == nil || dir == "/" {
		return "", failed("mkdir", dir, fs.ErrExist)
	}
	if _, err := Lstat(m, dir); err == nil {
		return "", failed("mkdir", dir, fs.ErrExist) // a link that leads nowhere
	}
	parent, err := m.makeDirs(path.Dir(dir))
	if err != nil {
		return "", err
	}
	at := join(parent, path.Base(dir))
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set(at, &node{mode: fs.ModeDir | 0o755, modTime: m.now, opaque: true})
	return at, nil
}

// edit changes the node of what path leads to.
func (m *Mem) edit(path string, change func(*node)) error {
	n, at, err := m.own(path)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	changed := *n
	change(&changed)
	m.set(at, &changed)
	return nil
}

// own gives the node of what path leads to, made from the base if need be.
func (m *Mem) own(path string) (*node, string, error) {
	info, err := Stat(m, path)
	if err != nil {
		return nil, "", err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	if n := m.nodes[info.Path]; n != nil {
		return n, info.Path, nil
	}
	return &node{mode: info.Mode, uid: info.UID, gid: info.GID, modTime: info.ModTime, size: info.Size, below: true}, info.Path, nil
}

func (m *Mem) set(p string, n *node) {
	m.nodes[p] = n
	if p == "/" {
		return
	}
	dir := path.Dir(p)
	if m.names[dir] == nil {
		m.names[dir] = map[string]bool{}
	}
	m.names[dir][path.Base(p)] = true
}

// drop forgets the node at p and all below it.
func (m *Mem) drop(p string) {
	for name := range m.names[p] {
		m.drop(join(p, name))
	}
	delete(m.names, p)
	delete(m.nodes, p)
}

// find gives the node at the clean path p; nil with no error means that the
// base speaks. m.mu is held.
func (m *Mem) find(p string) (*node, error) {
	if n := m.nodes[p]; n != nil && !n.gone {
		return n, nil
	} else if n != nil || m.base == nil || m.hidden(p) {
		return nil, fs.ErrNotExist
	}
	return nil, nil
}

// hidden says whether a directory above p was removed or replaced.
func (m *Mem) hidden(p string) bool {
	for p != "/" {
		p = path.Dir(p)
		if n := m.nodes[p]; n != nil && (n.gone || n.opaque || !n.mode.IsDir()) {
			return true
		}
	}
	return false
}

func (n *node) info(p string) Info {
	info := Info{Path: p, Mode: n.mode, UID: n.uid, GID: n.gid, Size: n.size, ModTime: n.modTime}
	if n.content != nil {
		info.ID = n.content.id
	}
	return info
}

// Lstat implements FS.
func (m *Mem) Lstat(p string) (Info, error) {
	p = clean(p)
	m.mu.RLock()
	defer m.mu.RUnlock()
	n, err := m.find(p)
	switch {
	case err != nil:
		return Info{}, failed("lstat", p, err)
	case n == nil:
		return m.base.Lstat(p)
	}
	return n.info(p), nil
}

// Readlink implements FS.
func (m *Mem) Readlink(p string) (string, error) {
	p = clean(p)
	m.mu.RLock()
	defer m.mu.RUnlock()
	n, err := m.find(p)
	switch {
	case err != nil:
		return "", failed("readlink", p, err)
	case n == nil || n.below:
		return m.base.Readlink(p)
	case n.mode&fs.ModeSymlink == 0:
		return "", failed("readlink", p, fs.ErrInvalid)
	}
	return n.target, nil
}

// ReadFile implements FS.
func (m *Mem) ReadFile(p string, limit int64) ([]byte, error) {
	p = clean(p)
	m.mu.RLock()
	defer m.mu.RUnlock()
	n, err := m.find(p)
	if err == nil && n != nil {
		err = readable(n.mode, n.size, limit)
		if err == nil && n.denied {
			err = fs.ErrPermission
		}
	}
	switch {
	case err != nil:
		return nil, failed("open", p, err)
	case n == nil || n.below:
		return m.base.ReadFile(p, limit)
	case n.left:
		return nil, failed("open", p, ErrBudget)
	case n.content == nil:
		return nil, failed("open", p, ErrTooLarge) // an archive's file that was not kept
	}
	return bytes.Clone(n.content.data), nil
}

// ReadDir implements FS.
func (m *Mem) ReadDir(p string) ([]Info, error) {
	p = clean(p)
	m.mu.RLock()
	defer m.mu.RUnlock()
	n, err := m.find(p)
	switch {
	case err != nil:
		return nil, failed("readdir", p, err)
	case n != nil && !n.mode.IsDir():
		return nil, failed("readdir", p, ErrNotDir)
	case n != nil && n.denied:
		return nil, failed("readdir", p, fs.ErrPermission)
	}
	var entries []Info
	if m.base != nil && (n == nil || !n.opaque) {
		if entries, err = m.base.ReadDir(p); err != nil {
			return nil, err
		}
	}
	return m.merge(p, entries)
}

// merge puts the nodes of the directory p over the base's entries of it.
func (m *Mem) merge(p string, base []Info) ([]Info, error) {
	own := m.names[p]
	entries := slices.DeleteFunc(slices.Clone(base), func(e Info) bool { return own[e.Name()] })
	for name := range own {
		if n := m.nodes[join(p, name)]; !n.gone {
			entries = append(entries, n.info(join(p, name)))
		}
	}
	if len(entries) > maxEntries {
		return nil, failed("readdir", p, ErrTooMany)
	}
	slices.SortFunc(entries, func(a, b Info) int { return strings.Compare(a.Path, b.Path) })
	return entries, nil
}
