package gridsec

import (
	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// System is OpenSSL's default trust store: a hash directory and a file, each
// of which may be missing.
type System struct {
	OpenSSLDir string
	Dir        *Dir
	FilePath   string // OpenSSLDir + "/cert.pem"
	File       *File  // nil where there is none
	FileErr    error
}

// VOMSDir is /etc/grid-security/vomsdir.
type VOMSDir struct {
	Path string
	Err  error
	VOs  []*VO
}

// VO is one directory of vomsdir.
type VO struct {
	Name         string
	LSCs         []*LSC
	Certificates []*File
}

// LSC is one *.lsc file: chains of subject, issuer, ... separated by
// "------ NEXT CHAIN ------".
type LSC struct {
	Path     string
	Host     string // file name without .lsc
	Source   *source.File
	Err      error
	Chains   [][]Line
	Problems []Problem
}

// Line is a line with a meaning of its own.
type Line struct {
	Text string
	Span source.Span
}

// Credential is the host certificate and key.
type Credential struct {
	CertPath string
	Cert     *File // nil where CertErr is set
	CertErr  error
	CertInfo rootfs.Info
	KeyPath  string
	KeyInfo  rootfs.Info
	KeyErr   error // fs.ErrNotExist, fs.ErrPermission, ...
	Key      *Key  // nil where the key could not be read
}

// Key is what may be known of a private key: never the key itself.
type Key struct {
	Encrypted bool
	Algorithm string // "RSA", "EC P-256", ...
	Bits      int
	Matches   *bool // whether it belongs to the first certificate; nil: unknown (encrypted)
	ParseErr  error
}

// MapFile is a grid-mapfile or a list of subjects.
type MapFile struct {
	Path     string
	Info     rootfs.Info
	Source   *source.File
	Err      error
	Entries  []MapEntry
	Problems []Problem
}

// MapEntry is one line: a subject and, in a grid-mapfile, an account.
type MapEntry struct {
	Subject Line
	Account Line
}
