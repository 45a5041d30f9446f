package rootfs

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
)

// Limits bounds what is read of an archive. A zero field means its default.
type Limits struct {
	Entries    int   // default 1 << 20; more are an error
	FileBytes  int64 // default 64 MiB; a larger file is listed but not kept: reading it gives ErrTooLarge
	TotalBytes int64 // of the archive, uncompressed; default 4 GiB; more are an error
	KeptBytes  int64 // of the files kept in memory; default 512 MiB; more are an error
}

func (l Limits) orDefault() Limits {
	if l.Entries == 0 {
		l.Entries = 1 << 20
	}
	if l.FileBytes == 0 {
		l.FileBytes = 64 << 20
	}
	if l.TotalBytes == 0 {
		l.TotalBytes = 4 << 30
	}
	if l.KeptBytes == 0 {
		l.KeptBytes = 512 << 20
	}
	return l
}

// Tar reads a tar archive, plain or compressed by gzip, into a tree. Names are
// taken below the root of the tree whatever they say (absolute, ".."); a later
// entry of a name replaces an earlier one. Errors are a damaged archive,
// ErrTooLarge and ErrTooMany for the whole of it.
func Tar(r io.Reader, limits Limits) (*Mem, error) {
	limits = limits.orDefault()
	plain, err := uncompressed(r)
	if err != nil {
		return nil, err
	}
	a := &archive{mem: NewMem(), limits: limits}
	entries := tar.NewReader(&bounded{plain, limits.TotalBytes + 1})
	for {
		header, err := entries.Next()
		if err == io.EOF {
			return a.mem, a.linkLate()
		}
		if err != nil {
			return nil, fmt.Errorf("tar archive: %w", err)
		}
		if err := a.add(header, entries); err != nil {
			return nil, fmt.Errorf("tar archive: %q: %w", header.Name, err)
		}
	}
}

func uncompressed(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	magic, err := buffered.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if string(magic) != "\x1f\x8b" {
		return buffered, nil
	}
	return gzip.NewReader(buffered)
}

// archive is a tree that is being filled.
type archive struct {
	mem     *Mem
	limits  Limits
	entries int
	kept    int64
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
	if header.Size <= a.limits.FileBytes {
		if a.kept += header.Size; a.kept > a.limits.KeptBytes {
			return ErrTooLarge
		}
		data, err := io.ReadAll(body)
		if err != nil {
			return err
		}
		n.content = &content{data}
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
