package openssl

import (
	"bytes"
	"cmp"
	"runtime"
	"slices"
	"sync"

	"arclint/internal/gridsec"
)

// Store is where OpenSSL looks for trust anchors and CRLs: files, which it
// reads whole beforehand, and hash directories, in which it looks for
// HASH.0, HASH.1, ... when it needs a name (X509_STORE with the lookups of
// by_file.c and by_dir.c). It may be used by several goroutines.
type Store struct {
	files []*gridsec.File
	dirs  []*gridsec.Dir
	seen  *Memory
}

// Memory keeps what was read of certificates, and which signatures are good. Stores
// that share one look at each certificate and each signature once. It may be used by
// several goroutines.
type Memory struct {
	mu     sync.Mutex
	known  map[seenAs]*facts
	signed map[signing]error
}

// seenAs is a certificate, and what of a Profile its facts depend on.
type seenAs struct {
	*gridsec.Certificate
	ecdsaWithSHA3 bool
}

// NewStore makes a Store of directories, in the order in which OpenSSL asks
// them, and of files. Nil ones are left out, and so is a directory that comes
// twice, as in add_cert_dir of by_dir.c.
func NewStore(dirs []*gridsec.Dir, files []*gridsec.File) *Store {
	return NewMemory().Store(dirs, files)
}

// NewMemory makes an empty Memory.
func NewMemory() *Memory { return &Memory{known: map[seenAs]*facts{}, signed: map[signing]error{}} }

// Store is NewStore for one of several stores that share the Memory.
func (m *Memory) Store(dirs []*gridsec.Dir, files []*gridsec.File) *Store {
	s := &Store{seen: m}
	for _, d := range dirs {
		if d != nil && !slices.ContainsFunc(s.dirs, func(have *gridsec.Dir) bool { return have.Path == d.Path }) {
			s.dirs = append(s.dirs, d)
		}
	}
	for _, f := range files {
		if f != nil {
			s.files = append(s.files, f)
		}
	}
	return s
}

func (s *Store) facts(c *gridsec.Certificate, p Profile) *facts { return s.seen.facts(c, p) }

func (m *Memory) facts(c *gridsec.Certificate, p Profile) *facts {
	at := seenAs{c, p.KnowsECDSAWithSHA3}
	m.mu.Lock()
	f, ok := m.known[at]
	m.mu.Unlock()
	if ok {
		return f
	}
	f = newFacts(c, p) // where two do so at once, both read the same
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[at] = cmp.Or(m.known[at], f)
	return m.known[at]
}

// cache is what a connection has read so far.
type cache struct {
	store    *Store
	openssl  Profile
	certs    map[string][]*facts // by canonical subject, in reading order
	crls     map[string][]*gridsec.CRL
	walked   map[string]bool   // subjects looked for in the directories
	crlsSeen map[crlPlace]int  // next number
	unseen   map[string]string // by suffix, the first place that was asked for and that arclint has not seen
}

type crlPlace struct {
	dir  *gridsec.Dir
	hash uint32
}

func (s *Store) open(p Profile) *cache {
	c := &cache{
		store: s, openssl: p,
		certs: map[string][]*facts{}, crls: map[string][]*gridsec.CRL{},
		walked: map[string]bool{}, crlsSeen: map[crlPlace]int{}, unseen: map[string]string{},
	}
	for _, f := range s.files {
		for _, cert := range f.Certificates {
			c.addCertificate(s.facts(cert, p))
		}
		for _, crl := range f.CRLs {
			c.addCRL(crl)
		}
	}
	return c
}

// certificates are those of the store that have the subject. A directory is
// asked only where nothing read before has it, and the next directory only
// where the one before has not.
//
// Source: X509_STORE_CTX_get_by_subject, get_cert_by_subject_ex.
func (c *cache) certificates(subject string, hash uint32) []*facts {
	if found := c.certs[subject]; len(found) > 0 || c.walked[subject] {
		return found
	}
	c.walked[subject] = true
	for _, d := range c.store.dirs {
		if c.walk(d, hash, "", 0, c.loadCertificates) == 0 && c.openssl.CountsWholeFiles {
			continue
		}
		if found := c.certs[subject]; len(found) > 0 {
			return found
		}
	}
	return nil
}

// revocations are the CRLs of the issuer. The directories are asked each time,
// from where the last look ended.
func (c *cache) revocations(issuer string, hash uint32) []*gridsec.CRL {
	for _, d := range c.store.dirs {
		at := crlPlace{d, hash}
		c.crlsSeen[at] = c.walk(d, hash, "r", c.crlsSeen[at], c.loadCRLs)
		if len(c.crls[issuer]) > 0 {
			break
		}
	}
	return c.crls[issuer]
}

// walk reads HASH.N, HASH.N+1, ... until there is none, and gives the number at
// which it ended.
func (c *cache) walk(d *gridsec.Dir, hash uint32, suffix string, from int, load func(*gridsec.File) bool) int {
	entries, _ := d.Chain(hash, suffix)
	end := from
	if d.Err != nil && d.Unseen() != "" {
		c.unseen[suffix] = cmp.Or(c.unseen[suffix], d.Path)
	}
	for k := from; k < len(entries); k++ {
		if entries[k].Unseen() {
			c.unseen[suffix] = cmp.Or(c.unseen[suffix], entries[k].Path)
		}
		if e := entries[k]; e.Err == nil && load(e.File) {
			end = k + 1
		} else if !c.openssl.SkipsUnreadable {
			break
		}
	}
	return end
}

// loadCertificates takes the certificates of a PEM file in. Like OpenSSL it
// stops at the first block that cannot be read, keeps what came before and says
// that the file could not be loaded.
func (c *cache) loadCertificates(f *gridsec.File) (whole bool) {
	stop, readable := readingEnd(f, gridsec.StopsCertificates)
	if !readable {
		return false
	}
	count := 0
	for _, cert := range f.Certificates {
		if !c.openssl.Reads(cert) {
			stop = min(stop, cert.Span.Start)
		}
		if cert.Span.Start < stop {
			c.addCertificate(c.store.facts(cert, c.openssl))
			count++
		}
	}
	return count > 0 && stop == noEnd
}

func (c *cache) loadCRLs(f *gridsec.File) (whole bool) {
	stop, readable := readingEnd(f, gridsec.StopsCRLs)
	if !readable {
		return false
	}
	count := 0
	for _, crl := range f.CRLs {
		if !c.openssl.ReadsList(crl) {
			stop = min(stop, crl.Span.Start)
		}
		if crl.Span.Start < stop {
			c.addCRL(crl)
			count++
		}
	}
	return count > 0 && stop == noEnd
}

const noEnd = 1 << 62

// readingEnd is the offset at which OpenSSL's reading of a file for objects of
// one kind stops; readable is false where it reads nothing at all.
func readingEnd(f *gridsec.File, kind gridsec.Effect) (offset int, readable bool) {
	if f == nil || f.Err != nil || f.DER {
		return 0, false
	}
	for _, p := range f.Problems {
		if p.Effect == gridsec.Stops || p.Effect == kind {
			return p.Span.Start, true
		}
	}
	return noEnd, true
}

func (c *cache) addCertificate(f *facts) {
	for _, have := range c.certs[f.subject] {
		if have.Equal(f.Certificate.Certificate) {
			return
		}
	}
	c.certs[f.subject] = append(c.certs[f.subject], f)
}

func (c *cache) addCRL(crl *gridsec.CRL) {
	issuer, _ := canonicalName(crl.RawIssuer)
	for _, have := range c.crls[issuer] {
		if bytes.Equal(have.Raw, crl.Raw) {
			return
		}
	}
	c.crls[issuer] = append(c.crls[issuer], crl)
}

// Dirs gives the directories, in the order in which they are asked.
func (s *Store) Dirs() []*gridsec.Dir { return slices.Clone(s.dirs) }

// Certificates gives every certificate that stands anywhere in the store, whether
// OpenSSL finds it there or not.
func (s *Store) Certificates() []*gridsec.Certificate {
	var found []*gridsec.Certificate
	for _, f := range s.files {
		found = append(found, f.Certificates...)
	}
	for _, d := range s.dirs {
		for _, f := range d.Files {
			found = append(found, f.Certificates...)
		}
	}
	return found
}

// all are the facts of Certificates, read by as many goroutines as there are processors.
func (s *Store) all(p Profile) []*facts {
	list := s.Certificates()
	found := make([]*facts, len(list))
	part := len(list)/runtime.GOMAXPROCS(0) + 1
	var wg sync.WaitGroup
	for from := 0; from < len(list); from += part {
		wg.Go(func() {
			for i := from; i < min(from+part, len(list)); i++ {
				found[i] = s.facts(list[i], p)
			}
		})
	}
	wg.Wait()
	return found
}
