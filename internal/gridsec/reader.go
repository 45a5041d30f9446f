package gridsec

import (
	"crypto/sha256"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// The largest files that are read, in bytes. ARC and OpenSSL know no limit: what
// bounds them all together is the budget of the site.
const (
	maxFile = 16 << 20 // certificates, keys, CRLs, policies
	maxList = 64 << 20 // lists of subjects and accounts, LSC files
)

// Reader reads the grid security files of one tree. Each file is read once, and
// each certificate parsed once, however many names and directories show it. It
// may be used from several goroutines. Nothing that it gives is changed later.
type Reader struct {
	fsys     rootfs.FS
	resolver *rootfs.Resolver
	budget   *rootfs.Budget

	mu     sync.Mutex
	dirs   map[string]func() *Dir
	listed map[string]bool // resolved directories whose names were read
	files  map[fileKey]*loading
	parsed *parsed
}

// fileKey is a file as it is read for one purpose: by its path or, where it has
// other names, by what tells that they are its.
type fileKey struct {
	path string
	id   rootfs.ID
	want want
}

type loading struct {
	once   sync.Once
	file   *File       // nil where linked is set
	linked rootfs.Info // of a file that has other names: nothing of it was read
}

// NewReader makes a Reader.
func NewReader(fsys rootfs.FS) *Reader {
	return &Reader{
		fsys:     fsys,
		resolver: rootfs.NewResolver(fsys),
		budget:   rootfs.BudgetOf(fsys),
		dirs:     map[string]func() *Dir{},
		listed:   map[string]bool{},
		files:    map[fileKey]*loading{},
		parsed:   &parsed{certificates: map[[sha256.Size]byte]*parsing{}, names: map[string]name{}},
	}
}

// File reads one file of certificates and CRLs; links are followed. It never
// fails: File.Err says why there is nothing in it.
func (r *Reader) File(name string) *File {
	info, err := r.resolver.Stat(name)
	if err != nil {
		return &File{Path: name, Names: []string{path.Base(name)}, Err: err}
	}
	f := r.loadAny(info, wantOf(name)|wantObjects|wantSomething)
	f.Names = []string{path.Base(name)}
	return f
}

// ReadChain reads the certificates of a PEM file in their order. A file without
// one is an error, and so is a block in it that cannot be read.
func ReadChain(fsys rootfs.FS, name string) ([]*Certificate, error) {
	f := NewReader(fsys).File(name)
	if f.Err != nil {
		return nil, f.Err
	}
	for _, p := range f.Problems {
		if p.Effect != Harmless {
			return nil, &PlaceError{p}
		}
	}
	if len(f.Certificates) == 0 {
		return nil, ErrNoObject
	}
	return f.Certificates, nil
}

// load gives a copy of the file that the caller may complete. Errors of reading
// are in File.Err. A file that has other names is not read: the Info is that of
// it, for loadLinked.
func (r *Reader) load(info rootfs.Info, want want) (*File, rootfs.Info) {
	l := r.loading(fileKey{path: info.Path, want: want})
	l.once.Do(func() {
		if l.file = r.read(info, want, rootfs.Info.Linked); l.file.Err == rootfs.ErrSkipped {
			l.linked, l.file = l.file.Info, nil
		}
	})
	if l.file == nil {
		return nil, l.linked
	}
	return l.file.clone(), l.file.Info
}

// loadLinked reads a file that has other names, under the first by which it is
// asked for: a thousand hard links are one file. It is not called from several
// goroutines, so that the first is the same each time.
func (r *Reader) loadLinked(linked rootfs.Info, want want) *File {
	l := r.loading(fileKey{id: linked.ID, want: want})
	l.once.Do(func() { l.file = r.read(linked, want, nil) })
	return l.file.clone()
}

func (r *Reader) loadAny(info rootfs.Info, want want) *File {
	f, info := r.load(info, want)
	if f == nil {
		f = r.loadLinked(info, want)
	}
	return f
}

func (r *Reader) loading(key fileKey) *loading {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.files[key]
	if l == nil {
		l = &loading{}
		r.files[key] = l
	}
	return l
}

// clone makes a File whose certificates and CRLs name it as theirs.
func (f *File) clone() *File {
	c := *f
	c.Certificates, c.CRLs = slices.Clone(f.Certificates), slices.Clone(f.CRLs)
	for i, cert := range c.Certificates {
		own := *cert
		own.File = &c
		c.Certificates[i] = &own
	}
	for i, crl := range c.CRLs {
		own := *crl
		own.File = &c
		c.CRLs[i] = &own
	}
	return &c
}

// read reads a file unless it is to be skipped: then File.Err is
// rootfs.ErrSkipped.
func (r *Reader) read(info rootfs.Info, want want, skip func(rootfs.Info) bool) *File {
	f := &File{Path: info.Path, Info: info}
	if !info.Mode.IsRegular() {
		f.Err = &fs.PathError{Op: "open", Path: info.Path, Err: rootfs.ErrNotRegular}
		return f
	}
	if skip == nil {
		skip = func(rootfs.Info) bool { return false }
	}
	data, opened, err := rootfs.ReadUnless(r.fsys, info.Path, maxFile, skip)
	if err == rootfs.ErrSkipped {
		f.Info = opened
	}
	if err == nil && want&wantText != 0 {
		err = rootfs.Spend(r.fsys, info.Path, int64(len(data))*textCost)
	}
	if err != nil {
		f.Err = err
		return f
	}
	f.Info = opened
	f.HasPrivateKey = blankPrivateKeys(data)
	f.Source = source.New(info.Path, data)
	// First, since it overwrites what may be a key in DER: no span may be
	// taken before.
	if want&wantObjects != 0 {
		r.readObjects(f, want&wantSomething != 0)
	}
	if want&wantPolicy != 0 {
		f.Policy = parsePolicy(f.Source)
	}
	if want&wantNamespaces != 0 {
		f.Namespaces = parseNamespaces(f.Source)
	}
	if want&wantInfo != 0 {
		f.CAInfo, f.Err = parseCAInfo(f.Source, func(bytes int64) error { return rootfs.Spend(r.fsys, info.Path, bytes) })
	}
	if want&wantURLs != 0 {
		f.CRLURLs = urlLines(f.Source)
	}
	return f
}

// want is what a file is read for, which its names say.
type want uint8

const (
	wantObjects   want = 1 << iota // certificates and CRLs
	wantSomething                  // there must be one: the name says so
	wantPolicy
	wantNamespaces
	wantInfo
	wantURLs

	wantText = wantPolicy | wantNamespaces | wantInfo | wantURLs // of which words are kept
)

// What is kept in memory of what was read, in bytes for each byte: words of two
// bytes of a text, the names of a certificate, the short entries of a list of
// revoked certificates.
const (
	textCost        = 48
	certificateCost = 12
	crlCost         = 9
)

func wantOf(name string) want {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return wantObjects
	}
	switch name[dot+1:] {
	case "signing_policy":
		return wantPolicy
	case "namespaces":
		return wantNamespaces
	case "info":
		return wantInfo
	case "crl_url":
		return wantURLs
	case "pem", "crt", "cer", "der", "crl":
		return wantObjects | wantSomething
	}
	if _, ok := parseHashName(name); ok {
		return wantObjects | wantSomething
	}
	return wantObjects
}

func urlLines(f *source.File) []source.Span {
	var urls []source.Span
	for n := 1; n <= f.Lines(); n++ {
		line := trim(f.Line(n))
		if text := line.Text(); text != "" && text[0] != '#' {
			urls = append(urls, line)
		}
	}
	return urls
}

// trim takes blanks off both ends of a span.
func trim(s source.Span) source.Span {
	for s.Start < s.End && isBlank(s.File.Data[s.Start]) {
		s.Start++
	}
	for s.Start < s.End && isBlank(s.File.Data[s.End-1]) {
		s.End--
	}
	return s
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

// each calls do for 0 to n-1 on as many goroutines as there are processors, of
// which the caller's is one: its stack has grown already. The results go to
// places of their own, so that their order does not depend on the goroutines.
//
// Where a tree has to be read in one order, one goroutine does all: which files a
// budget is spent on is then no matter of chance.
func (r *Reader) each(n int, do func(i int)) {
	if rootfs.InOrder(r.fsys) {
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			do(i)
		}
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}
