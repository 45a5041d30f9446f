package rootfs

import (
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"
)

// maxLinks is how many links one path may lead through: Linux follows 40.
const maxLinks = 40

// Resolve gives the path of what path leads to, free of links, as a process
// whose root directory is the tree would find it: an absolute target starts at
// the root of the tree, and ".." at the root stays there. Errors are
// fs.ErrNotExist (a missing part, a dangling link), ErrLoop, and what Lstat
// and Readlink give.
func Resolve(fsys FS, path string) (string, error) {
	return NewResolver(fsys).Resolve(path)
}

// Stat describes what path leads to. Info.Path is the resolved path.
func Stat(fsys FS, path string) (Info, error) {
	return NewResolver(fsys).Stat(path)
}

// Lstat describes what stands at path, links in its parent parts followed and a
// link in its last part not.
func Lstat(fsys FS, p string) (Info, error) {
	dir, name := path.Split(strings.TrimRight(p, "/")) // not path.Dir, which would shorten "link/.."
	if name == "" || name == "." || name == ".." {
		return Stat(fsys, p)
	}
	parent, err := Resolve(fsys, dir)
	if err != nil {
		return Info{}, err
	}
	return fsys.Lstat(join(parent, name))
}

// Read gives the bytes of the regular file that path leads to, and what Stat
// says of it. It never opens anything else (ErrNotRegular) and never reads more
// than limit bytes (ErrTooLarge); the Info is good in both cases.
func Read(fsys FS, path string, limit int64) ([]byte, Info, error) {
	info, err := Stat(fsys, path)
	if err != nil {
		return nil, info, err
	}
	if err := readable(info.Mode, info.Size, limit); err != nil {
		return nil, info, failed("open", info.Path, err)
	}
	data, opened, err := ReadListed(fsys, info.Path, limit)
	if err != nil {
		return nil, info, err
	}
	return data, opened, nil
}

// List lists the directory that path leads to, sorted by name. The paths of the
// entries are below the resolved path of the directory.
func List(fsys FS, path string) ([]Info, error) {
	resolved, err := Resolve(fsys, path)
	if err != nil {
		return nil, err
	}
	return fsys.ReadDir(resolved)
}

// A Resolver resolves many paths of one tree and remembers the directories that
// it has met: a tree that changes needs a new one. It may be used from several
// goroutines.
type Resolver struct {
	fsys  FS
	guard *guard // of a Bounded tree; nil: every link is followed
	mu    sync.RWMutex
	dirs  map[string]Info // real directories by clean path
	rest  map[string]bool // what else was looked at, whether or not it was there
}

// NewResolver makes a Resolver.
func NewResolver(fsys FS) *Resolver {
	r := &Resolver{fsys: fsys, dirs: map[string]Info{}, rest: map[string]bool{}}
	if b, ok := fsys.(*Bounded); ok {
		r.guard = b.links()
	}
	return r
}

// On is this Resolver on another tree, which must not differ from its own where it
// has looked (LookedAt).
func (r *Resolver) On(fsys FS) *Resolver {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return &Resolver{fsys: fsys, guard: r.guard, dirs: maps.Clone(r.dirs), rest: maps.Clone(r.rest)}
}

// LookedAt says whether anything that this Resolver has told depends on what stands
// at the clean path.
func (r *Resolver) LookedAt(path string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, known := r.dirs[path]
	return known || r.rest[path]
}

// Resolve does what the function Resolve does.
func (r *Resolver) Resolve(path string) (string, error) {
	info, err := r.walk(path, "")
	return info.Path, err
}

// Stat does what the function Stat does.
func (r *Resolver) Stat(path string) (Info, error) {
	return r.walk(path, "")
}

// walk follows path part by part, or in one step where the directory above it
// is a known one. from is the directory of the link that led to it, if any.
func (r *Resolver) walk(p, from string) (Info, error) {
	if cut := strings.LastIndexByte(p, '/'); cut > 0 && isClean(p) && r.known(p[:cut]) {
		info, err := r.lstat(p)
		if err != nil {
			return info, r.leadsOut(p[:cut], from, err)
		}
		if info.Mode&fs.ModeSymlink == 0 {
			return info, nil
		}
	}
	return r.follow(p, from)
}

// Follow is Stat of the link at the clean path, of which Readlink has just told the
// target: without a look at what is known of it already.
func (r *Resolver) Follow(link, target string) (Info, error) {
	if strings.HasPrefix(target, "/") && r.Trusts(link) {
		return r.walk(target, path.Dir(link))
	}
	return r.follow(link, "")
}

// Trusts says whether the link at the clean path is followed wherever it leads: nobody
// beside those who are trusted could have put it there.
func (r *Resolver) Trusts(link string) bool {
	if r.guard == nil {
		return true
	}
	info, err := r.lstat(link)
	return err == nil && r.guard.whose(r, info) == ""
}

// follow follows path part by part. from is as for walk.
func (r *Resolver) follow(p, from string) (Info, error) {
	var unsafe strangeLinks
	at, err := r.lstat("/")
	links, rest := 0, p
	for err == nil {
		if err := unsafe.check(at, rest); err != nil {
			return Info{}, err
		}
		if rest == "" {
			return at, nil
		}
		var part string
		part, rest, _ = strings.Cut(rest, "/")
		if part == "" || part == "." {
			continue
		}
		if !at.Mode.IsDir() {
			err = failed("resolve", p, fs.ErrNotExist)
			break
		}
		next := join(at.Path, part)
		if part == ".." {
			next = path.Dir(at.Path)
		}
		var info Info
		if info, err = r.lstat(next); err != nil {
			err = r.leadsOut(at.Path, from, err)
			break
		}
		if info.Mode&fs.ModeSymlink == 0 {
			at = info
			continue
		}
		var target string
		if target, err = r.fsys.Readlink(next); err != nil {
			break
		}
		from = at.Path
		if links++; links > maxLinks || len(target)+len(rest) > maxPath {
			err = failed("resolve", p, ErrLoop)
			break
		}
		unsafe.note(r, info, target, rest)
		if strings.HasPrefix(target, "/") {
			if at, err = r.lstat("/"); err != nil {
				break
			}
		}
		rest = target + "/" + rest
	}
	return Info{}, unsafe.hide(err)
}

// lstat looks at the clean path, or remembers the directory that it is.
func (r *Resolver) lstat(path string) (Info, error) {
	r.mu.RLock()
	info, known := r.dirs[path]
	r.mu.RUnlock()
	if known {
		return info, nil
	}
	info, err := r.fsys.Lstat(path)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil && info.Mode.IsDir() {
		r.dirs[path] = info
	} else {
		r.rest[path] = true
	}
	return info, err
}

// known says whether the clean path is that of a real directory met before.
func (r *Resolver) known(path string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, known := r.dirs[path]
	return known
}

// maxPath bounds what links may make of a path, so that forty of them cannot
// blow it up.
const maxPath = 1 << 16

func join(dir, name string) string {
	if dir == "/" {
		return "/" + name
	}
	return dir + "/" + name
}
