package gridsec

import (
	"errors"
	"io/fs"
	"strings"
)

// System is OpenSSL's default trust store: a hash directory and a file, each
// of which may be missing. OpenSSL takes the file whole or not at all: one block
// that it cannot read (a problem with an effect of stopping) loses all of it
// (X509_load_cert_crl_file_ex in by_file.c).
type System struct {
	OpenSSLDir string
	Dir        *Dir
	FilePath   string // OpenSSLDir + "/cert.pem", or the file that stands for it
	File       *File  // nil where there is none
	FileErr    error
}

// NewSystem is the store below OPENSSLDIR with nothing read of it.
func NewSystem(opensslDir string) *System {
	base := strings.TrimRight(opensslDir, "/")
	return &System{OpenSSLDir: opensslDir, Dir: &Dir{Path: base + "/certs"}, FilePath: base + "/cert.pem"}
}

// System reads the store below OPENSSLDIR. Where its file cert.pem is not there, the
// first of the others that is stands for it. It never fails: Dir.Err and FileErr say
// what is not there.
func (r *Reader) System(opensslDir string, others ...string) *System {
	s := NewSystem(opensslDir)
	s.Dir = r.Dir(s.Dir.Path)
	f := r.File(s.FilePath)
	for _, other := range others {
		if !errors.Is(f.Err, fs.ErrNotExist) {
			break
		}
		if bundle := r.File(other); !errors.Is(bundle.Err, fs.ErrNotExist) {
			s.FilePath, f = other, bundle
		}
	}
	if f.Err != nil && (f.Source == nil || !errors.Is(f.Err, ErrNoObject)) {
		s.FileErr = f.Err
		return s
	}
	s.File = f
	return s
}

// Missing says whether the store has neither a directory nor a file.
func (s *System) Missing() bool {
	return errors.Is(s.Dir.Err, fs.ErrNotExist) && errors.Is(s.FileErr, fs.ErrNotExist)
}

// Read says whether anything of the store was read.
func (s *System) Read() bool { return s.File != nil || s.Dir.Err == nil && s.Dir.Resolved != "" }
