// Package gridsec reads /etc/grid-security and what belongs to it: trust
// anchors and their links, CRLs, signing policies, namespaces, .info files,
// VOMS, grid-mapfiles, the host credential. It says what stands in the files;
// what a CE makes of them is the business of verify.
package gridsec

import (
	"crypto/x509"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// Dir is a directory of trust anchors (x509_cert_dir, OpenSSL's certs).
type Dir struct {
	Path     string // as asked for
	Resolved string // after links
	Info     rootfs.Info
	Err      error // why it could not be read: then there are no entries
	Entries  []*Entry
	Files    []*File // each real file once, in order of its first name
	// unexported: name -> entry
	byName map[string]*Entry
}

// Entry is one name in the directory. Several entries may lead to one File.
type Entry struct {
	Name   string
	Path   string      // Dir.Path + "/" + Name
	Info   rootfs.Info // of the entry itself, not of what a link leads to
	Target string      // of a link, verbatim; "" otherwise
	Err    error       // dangling (fs.ErrNotExist), rootfs.ErrLoop, ErrNotRegular, ErrTooLarge, permission
	File   *File       // nil where Err is set
}

// File is one real file and what was read in it.
type File struct {
	Path   string   // resolved
	Names  []string // its names in the directory
	Info   rootfs.Info
	Source *source.File
	Err    error // why it could not be read or parsed

	Certificates  []*Certificate
	CRLs          []*CRL
	Policy        *Policy       // of *.signing_policy
	Namespaces    *Namespaces   // of *.namespaces
	CAInfo        *CAInfo       // of *.info
	CRLURLs       []source.Span // of *.crl_url, one a line
	HasPrivateKey bool          // a PEM block of a private key stands in it (its bytes are dropped)
	DER           bool          // a certificate or CRL in DER: OpenSSL's hash lookup does not read it (arc-behaviour D4)
	Problems      []Problem
}

// Problem is a part of a file that could not be read.
type Problem struct {
	Span    source.Span
	Message string
}

// Certificate is one certificate in a file or a chain.
type Certificate struct {
	*x509.Certificate
	SubjectName string // OpenSSL's one-line form
	IssuerName  string
	Hash        uint32 // of the subject, `openssl x509 -hash`
	OldHash     uint32 // of the subject, `openssl x509 -subject_hash_old`
	IssuerHash  uint32
	File        *File       // nil for a certificate that is not of the site (evidence, a chain)
	Span        source.Span // of its PEM block, zero for DER
	Trusted     *TrustSettings
}

// TrustSettings are the uses in a BEGIN TRUSTED CERTIFICATE block.
type TrustSettings struct {
	Trust, Reject []string // OIDs, dotted
}

// CRL is one certificate revocation list.
type CRL struct {
	*x509.RevocationList
	IssuerName    string
	IssuerHash    uint32
	IssuerOldHash uint32

	File *File
	Span source.Span
}
