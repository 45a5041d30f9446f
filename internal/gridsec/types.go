// Package gridsec reads /etc/grid-security and what belongs to it: trust
// anchors and their links, CRLs, signing policies, namespaces, .info files,
// VOMS, grid-mapfiles, the host credential. It says what stands in the files;
// what a CE makes of them is the business of verify.
package gridsec

import (
	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// File is one real file and what was read in it.
type File struct {
	Path   string   // resolved
	Names  []string // its names in the directory
	Info   rootfs.Info
	Source *source.File // private keys are blanked out; nil where the file could not be read
	Err    error        // why it could not be read, or ErrNoObject

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
	Message string // what is wrong there, a clause
	Means   string // what its reader makes of it, a sentence; "" where nothing is to be said
	Action  string // what to write there, an imperative sentence; "" where nothing is to be said
	Effect  Effect
}

// Effect is what a problem means for OpenSSL, which stops reading a file at the
// first block that it cannot read.
type Effect int

// The effects.
const (
	Harmless          Effect = iota // OpenSSL does not see the place, or nothing depends on it
	Stops                           // no certificate and no CRL from here on is read
	StopsCertificates               // no certificate from here on is read
	StopsCRLs                       // no CRL from here on is read
	Unclear                         // arclint cannot read it; OpenSSL, which is less strict, may
)

// Line is a line or a word with a meaning of its own.
type Line struct {
	Text string
	Span source.Span // of the text, without the quotes around it
}

func lineAt(f *source.File, start, end int) Line {
	span := source.Span{File: f, Start: start, End: end}
	return Line{Text: span.Text(), Span: span}
}
