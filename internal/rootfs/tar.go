package rootfs

import (
	"archive/tar"
	"bufio"
	"bytes"
	"cmp"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Limits bounds what is read of an archive. A zero field means its default.
type Limits struct {
	Entries    int   // default 1 << 18; more are an error
	FileBytes  int64 // default 64 MiB; a larger file is listed but not kept: reading it gives ErrTooLarge
	TotalBytes int64 // of the archive, uncompressed; default 2 GiB; more are an error
	KeptBytes  int64 // of the files kept in memory; default 96 MiB below /etc and 32 MiB elsewhere; reading others gives ErrBudget
	NameBytes  int64 // of the entries without their contents; default 96 MiB; more are an error
}

func (l Limits) orDefault() Limits {
	l.Entries = cmp.Or(l.Entries, 1<<18)
	l.FileBytes = cmp.Or(l.FileBytes, 64<<20)
	l.TotalBytes = cmp.Or(l.TotalBytes, 2<<30)
	l.NameBytes = cmp.Or(l.NameBytes, 96<<20)
	return l
}

// The longest names of an archive that are taken: Linux opens no longer path, and
// each directory on the way is an entry of its own. Those left out are told by
// Mem.LeftOut.
const (
	maxName  = 4096 // bytes, PATH_MAX
	maxDepth = 64   // directories
)

// Tar reads a tar archive, plain or compressed by gzip or bzip2, into a tree. Names are
// taken below the root of the tree whatever they say (absolute, ".."); a later
// entry of a name replaces an earlier one. Errors are a damaged archive,
// ErrTooLarge and ErrTooMany for the whole of it.
func Tar(r io.Reader, limits Limits) (*Mem, error) {
	limits = limits.orDefault()
	plain, err := uncompressed(r)
	if err != nil {
		return nil, err
	}
	a := &archive{mem: NewMem(), limits: limits, names: NewBudget(limits.NameBytes), etc: NewBudget(96 << 20), rest: NewBudget(32 << 20)}
	if limits.KeptBytes > 0 {
		a.etc = NewBudget(limits.KeptBytes)
		a.rest = a.etc
	}
	entries := tar.NewReader(&bounded{plain, limits.TotalBytes + 1})
	for {
		header, err := entries.Next()
		if err == io.EOF {
			return a.mem, a.linkLate()
		}
		if errors.Is(err, tar.ErrHeader) && a.entries == 0 {
			return nil, errNoTar
		}
		if err != nil {
			return nil, fmt.Errorf("tar archive: %w", err)
		}
		if err := a.add(header, entries); err != nil {
			return nil, fmt.Errorf("tar archive: %q: %w", header.Name[:min(len(header.Name), 200)], err)
		}
	}
}

var errNoTar = errors.New("is no tar archive: give a directory, or an archive that tar has made")

// foreign are archives that are not read, by their first bytes, and what makes one of
// them that is.
var foreign = []struct{ magic, remedy string }{
	{"\x28\xb5\x2f\xfd", "is compressed with zstd, which is not read: unpack it with zstd -d first"},
	{"\xfd7zXZ\x00", "is compressed with xz, which is not read: unpack it with xz -d first"},
	{"PK\x03\x04", "is a zip archive, which keeps no owners and links: pack the site with tar"},
	{"\x1f\x9d", "is compressed with compress, which is not read: unpack it with gzip -d first"},
	{"7z\xbc\xaf\x27\x1c", "is a 7z archive, which is not read: pack the site with tar"},
}

// uncompressed is the tar archive in a file.
func uncompressed(r io.Reader) (io.Reader, error) {
	const ustar = 257 // where a header of tar says what it is
	buffered := bufio.NewReaderSize(r, 1<<16)
	head, err := buffered.Peek(ustar + len("ustar"))
	if err != nil && err != io.EOF {
		return nil, err
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return nil, errors.New(f.remedy)
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return gzip.NewReader(buffered)
	case bytes.HasPrefix(head, []byte("BZh")):
		return bzip2.NewReader(buffered), nil
	case len(head) <= ustar:
		return nil, errNoTar
	}
	return buffered, nil
}

// archive is a tree that is being filled.
type archive struct {
	mem     *Mem
	limits  Limits
	entries int
	names   *Budget
	etc     *Budget    // of the contents below /etc
	rest    *Budget    // of the other contents
	late    []hardLink // whose target has not come yet
}

type hardLink struct{ name, target string }

func (a *archive) add(header *tar.Header, body io.Reader) error {
	if a.entries++; a.entries > a.limits.Entries {
		return ErrTooMany
	}
	name := path.Clean("/" + header.Name)
	if name == "/" {
		return a.own("/", header)
	}
	if len(name) > maxName || strings.Count(name, "/") > maxDepth {
		a.mem.leaveOut(name)
		return nil
	}
	if a.names.Take(a.cost(name, header)) != nil {
		return ErrTooMany
	}
	switch header.Typeflag {
	case tar.TypeLink:
		old := path.Clean("/" + header.Linkname)
		if a.mem.Link(old, name) != nil {
			a.late = append(a.late, hardLink{name, old})
		}
		return nil
	case tar.TypeXGlobalHeader:
		return nil
	}
	if err := a.put(name, header, body); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil // below a name that is no directory: nothing can stand there
		}
		return err
	}
	return nil
}

// entryCost is what an entry takes beside its name.
const entryCost = 300

// cost is what is kept of an entry: it and the directories above it, which need
// not have entries of their own.
func (a *archive) cost(name string, header *tar.Header) int64 {
	cost := int64(len(name) + len(header.Linkname) + entryCost)
	for dir := path.Dir(name); dir != "/" && !a.mem.has(dir); dir = path.Dir(dir) {
		cost += int64(len(dir) + entryCost)
	}
	return cost
}

func (a *archive) put(name string, header *tar.Header, body io.Reader) error {
	mode := header.FileInfo().Mode()
	switch header.Typeflag {
	case tar.TypeDir:
		if err := a.mem.Mkdir(name, mode); err != nil {
			return err
		}
		return a.own(name, header)
	case tar.TypeReg, tar.TypeGNUSparse, tar.TypeCont:
		return a.file(name, header, body)
	}
	n := &node{mode: mode, uid: header.Uid, gid: header.Gid, modTime: header.ModTime}
	if header.Typeflag == tar.TypeSymlink {
		n.target, n.size = header.Linkname, int64(len(header.Linkname))
	} else if mode.IsRegular() {
		n.mode |= fs.ModeIrregular // a type that tar does not know
	}
	return a.mem.put(name, n)
}

func (a *archive) file(name string, header *tar.Header, body io.Reader) error {
	n := &node{mode: header.FileInfo().Mode(), uid: header.Uid, gid: header.Gid, modTime: header.ModTime, size: header.Size}
	budget := a.rest
	if strings.HasPrefix(name, "/etc/") {
		budget = a.etc
	}
	switch {
	case header.Size > a.limits.FileBytes:
	case budget.Take(header.Size) != nil:
		n.left = true
	default:
		data := make([]byte, header.Size)
		if _, err := io.ReadFull(body, data); err != nil {
			return err
		}
		n.content = &content{data: data}
	}
	return a.mem.put(name, n)
}

// own sets what the header says of a directory.
func (a *archive) own(name string, header *tar.Header) error {
	return a.mem.edit(name, func(n *node) {
		n.mode = n.mode&^modeBits | header.FileInfo().Mode()&modeBits
		n.uid, n.gid, n.modTime = header.Uid, header.Gid, header.ModTime
	})
}

// linkLate makes the hard links that stand before their target. One whose
// target never came stands for a file whose bytes are not there.
func (a *archive) linkLate() error {
	for _, l := range a.late {
		if a.mem.Link(l.target, l.name) == nil {
			continue
		}
		if err := a.mem.put(l.name, &node{mode: fs.ModeIrregular, uid: -1, gid: -1}); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// bounded fails when more than left bytes are read of it: an archive may unpack
// to a thousand times its size.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, ErrTooLarge
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
