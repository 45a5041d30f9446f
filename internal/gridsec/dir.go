package gridsec

import (
	"cmp"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"arclint/internal/rootfs"
	"arclint/internal/x509name"
)

// Dir is a directory of trust anchors (x509_cert_dir, OpenSSL's certs).
type Dir struct {
	Path     string // as asked for
	Resolved string // after links
	Info     rootfs.Info
	Err      error // why it could not be read: then there are no entries
	Entries  []*Entry
	Files    []*File // each real file once, in order of its first name

	byName map[string]int // index in Entries
	hashed []hashedEntry  // the entries that the hash lookup may ask for, in order of hash and number
}

// Entry is one name in the directory. Several entries may lead to one File.
type Entry struct {
	Name   string
	Path   string      // Dir.Path + "/" + Name
	Info   rootfs.Info // of the entry itself; more than Path and the type only where it is a file that was read
	Target string      // of a link, verbatim; "" otherwise
	Err    error       // dangling (fs.ErrNotExist), rootfs.ErrLoop, ErrNotRegular, ErrTooLarge, permission
	File   *File       // nil where Err is set
}

// hashKey is the hash of a name and the letter after the dot: "r" for CRLs.
type hashKey struct {
	hash   uint32
	suffix string
}

// hashName is a name as the hash lookup makes it: HASH.0, HASH.r12.
type hashName struct {
	hashKey
	number int
}

type hashedEntry struct {
	hashName
	entry *Entry
}

func (k hashKey) compare(other hashKey) int {
	return cmp.Or(cmp.Compare(k.hash, other.hash), cmp.Compare(k.suffix, other.suffix))
}

// Dir reads a directory. It never fails: Dir.Err says why there is nothing.
func (r *Reader) Dir(name string) *Dir {
	r.mu.Lock()
	read := r.dirs[name]
	if read == nil {
		read = sync.OnceValue(func() *Dir {
			d := &Dir{Path: name}
			d.Err = r.readDir(d)
			return d
		})
		r.dirs[name] = read
	}
	r.mu.Unlock()
	return read()
}

func (r *Reader) readDir(d *Dir) error {
	if d.Path == "" {
		return &fs.PathError{Op: "open", Path: "", Err: fs.ErrNotExist}
	}
	info, err := r.resolver.Stat(d.Path)
	if err != nil {
		return err
	}
	d.Resolved, d.Info = info.Path, info
	names, err := r.namesIn(info.Path)
	if err != nil {
		return err
	}
	d.addEntries(names)
	real := r.resolveEntries(d)
	for i, e := range d.Entries {
		if e.Err == nil && !real[i].Mode.IsRegular() {
			e.Err = &fs.PathError{Op: "open", Path: e.Path, Err: rootfs.ErrNotRegular}
		}
	}
	r.readFiles(d, real)
	return nil
}

func (d *Dir) addEntries(names []rootfs.Name) {
	entries := make([]Entry, len(names))
	d.Entries = make([]*Entry, len(names))
	d.byName = make(map[string]int, len(names))
	prefix, resolved := strings.TrimRight(d.Path, "/")+"/", strings.TrimRight(d.Resolved, "/")+"/"
	for i, n := range names {
		e := &entries[i]
		e.Name, e.Path = n.Name, prefix+n.Name
		e.Info = rootfs.Info{Path: e.Path, Mode: n.Type, UID: -1, GID: -1}
		if resolved != prefix {
			e.Info.Path = resolved + n.Name
		}
		d.Entries[i], d.byName[e.Name] = e, i
		if h, ok := parseHashName(e.Name); ok {
			d.hashed = append(d.hashed, hashedEntry{h, e})
		}
	}
	slices.SortFunc(d.hashed, func(a, b hashedEntry) int {
		return cmp.Or(a.hashKey.compare(b.hashKey), cmp.Compare(a.number, b.number))
	})
}

// resolveEntries gives what each entry leads to, as far as its path and type;
// Entry.Err says where nothing.
func (r *Reader) resolveEntries(d *Dir) []rootfs.Info {
	real := make([]rootfs.Info, len(d.Entries))
	r.each(len(d.Entries), func(i int) {
		e := d.Entries[i]
		real[i] = e.Info
		if e.Info.Mode&fs.ModeSymlink != 0 {
			e.Target, e.Err = r.fsys.Readlink(e.Info.Path)
		}
	})
	listed := r.filesOutside(d)
	r.each(len(d.Entries), func(i int) {
		e := d.Entries[i]
		if _, inside := d.byName[e.Target]; inside || e.Target == "" {
			return
		}
		if file, ok := listed.file(e.Target); ok && r.resolver.Trusts(e.Info.Path) {
			real[i] = file
			return
		}
		real[i], e.Err = r.resolver.Follow(e.Info.Path, e.Target)
	})
	for i, e := range d.Entries {
		if _, inside := d.byName[e.Target]; inside {
			real[i], e.Err = r.resolveInside(d, i, real)
		}
	}
	return real
}

// resolveInside follows the links of entry i from name to name without a look at
// the tree, to an entry of which real is known: nearly all links of a trust
// directory are such.
func (r *Reader) resolveInside(d *Dir, i int, real []rootfs.Info) (rootfs.Info, error) {
	for range maxSteps {
		next, inside := d.byName[d.Entries[i].Target]
		if !inside {
			return real[i], d.Entries[i].Err
		}
		i = next
	}
	return r.resolver.Stat(d.Entries[i].Info.Path)
}

// maxSteps is how far links are followed inside the directory; the names of
// OpenSSL and c_rehash need two steps.
const maxSteps = 4

// slot is a real file that is about to be read.
type slot struct {
	info    rootfs.Info
	want    want
	entries []*Entry
	file    *File
}

func (r *Reader) readFiles(d *Dir, real []rootfs.Info) {
	var slots []*slot
	byPath := map[string]*slot{}
	for i, e := range d.Entries {
		if e.Err != nil {
			continue
		}
		s := byPath[real[i].Path]
		if s == nil {
			s = &slot{info: real[i]}
			byPath[s.info.Path], slots = s, append(slots, s)
		}
		s.want |= wantOf(e.Name)
		s.entries = append(s.entries, e)
	}
	r.each(len(slots), func(i int) { slots[i].file, slots[i].info = r.load(slots[i].info, slots[i].want) })
	for _, s := range slots {
		if s.file != nil {
			d.attach(s)
			continue
		}
		s.file = r.loadLinked(s.info, s.want)
		if first := byPath[s.file.Path]; first != s && first != nil && first.want == s.want {
			d.attachName(first, s) // it was read before
			continue
		}
		d.attach(s)
	}
}

// attachName gives the file of a slot the names of another, which leads to the
// same file by a hard link.
func (d *Dir) attachName(first, s *slot) {
	for _, e := range s.entries {
		if first.file.Source == nil {
			e.Err = first.file.Err
			continue
		}
		e.File = first.file
		first.file.Names = append(first.file.Names, e.Name)
		if e.Info.Path == s.info.Path {
			e.Info = s.info
		}
	}
}

// attach gives the file to its names, or the reason why it could not be read.
func (d *Dir) attach(s *slot) {
	if s.file.Source == nil {
		for _, e := range s.entries {
			e.Err = s.file.Err
		}
		return
	}
	s.file.Names = make([]string, 0, len(s.entries))
	for _, e := range s.entries {
		e.File = s.file
		s.file.Names = append(s.file.Names, e.Name)
		if e.Info.Path == s.file.Path {
			e.Info = s.file.Info
		}
	}
	d.Files = append(d.Files, s.file)
}

// Lookup gives the entry with the name, nil where there is none.
func (d *Dir) Lookup(name string) *Entry {
	if i, ok := d.byName[name]; ok {
		return d.Entries[i]
	}
	return nil
}

// Chain gives the entries HASH.0, HASH.1, ... in the order in which OpenSSL's
// hash lookup asks for them (suffix "" for certificates, "r" for CRLs), up to
// the first number that is not there. rest are those after the gap, which it
// never sees (arc-behaviour D1). Entries that cannot be read are among them:
// whether they stop the lookup depends on the release of OpenSSL (D3).
//
// Source: get_cert_by_subject_ex in OpenSSL's by_dir.c.
func (d *Dir) Chain(hash uint32, suffix string) (seen, rest []*Entry) {
	key := hashKey{hash, suffix}
	at, _ := slices.BinarySearchFunc(d.hashed, key, func(h hashedEntry, key hashKey) int { return h.compare(key) })
	for _, h := range d.hashed[at:] {
		if h.hashKey != key {
			break
		}
		if h.number == len(seen) && len(rest) == 0 {
			seen = append(seen, h.entry)
		} else {
			rest = append(rest, h.entry)
		}
	}
	return seen, rest
}

// ChainName is the name that the hash lookup asks for.
func ChainName(hash uint32, suffix string, number int) string {
	return x509name.Format(hash) + "." + suffix + strconv.Itoa(number)
}

// parseHashName knows only the names that the lookup makes: eight lower-case
// digits, a number without leading zeros.
func parseHashName(name string) (hashName, bool) {
	if len(name) < 10 || name[8] != '.' {
		return hashName{}, false
	}
	var h hashName
	for i := range 8 {
		digit := name[i] - '0'
		switch c := name[i]; {
		case c >= 'a' && c <= 'f':
			digit = c - 'a' + 10
		case digit > 9:
			return hashName{}, false
		}
		h.hash = h.hash<<4 | uint32(digit)
	}
	text, isCRL := strings.CutPrefix(name[9:], "r")
	if isCRL {
		h.suffix = "r"
	}
	var ok bool
	h.number, ok = parseNumber(text)
	return h, ok
}

// parseNumber is strconv.ParseUint for 31 bits, without an error to be made of
// each name that has none; leading zeros are refused.
func parseNumber(text string) (int, bool) {
	var n uint64
	for i := range len(text) {
		digit := text[i] - '0'
		if n = n*10 + uint64(digit); digit > 9 || n > math.MaxInt32 {
			return 0, false
		}
	}
	return int(n), text != "" && (text[0] != '0' || len(text) == 1)
}
