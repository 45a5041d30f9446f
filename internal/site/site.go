// Package site joins what was read of a site with the release and the clock.
// It is the only view that rules, verify and access get: they do no I/O and
// read no clock.
package site

import (
	"time"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/gridsec"
	"arclint/internal/source"
)

// Site is one CE as its files show it. It is not changed after Load.
type Site struct {
	Root     string
	Now      time.Time
	Release  Release
	OSFamily OSFamily
	Conf     *arcconf.Document
	Ref      *arcref.Reference // of the release, or the one given by the user

	GridDir    *gridsec.Dir   // /etc/grid-security/certificates, where the key fetch looks whatever arc.conf says (arc-behaviour H1)
	ClientDirs []*gridsec.Dir // what x509_cert_dir names; usually the one GridDir
	System     *gridsec.System
	VOMS       *gridsec.VOMSDir
	Host       *gridsec.Credential
	Maps       []*gridsec.MapFile // grid-mapfiles and the files of file= and map_with_file=
	Pinned     []*PinnedIssuer    // controldir/tokenissuers, read by 7.x at start
	Accounts   *Accounts          // nil where /etc/passwd could not be read
	Evidence   []*Evidence        // chains that issuers serve, given by the user
	Problems   []Problem          // what could not be read and is no finding of a rule
}

// OSFamily is the family of the operating system: where OpenSSL looks for its
// default trust store.
type OSFamily string

// The families.
const (
	Debian OSFamily = "debian"
	RHEL   OSFamily = "rhel"
)

// OpenSSLDir is OPENSSLDIR of the family's OpenSSL: its default trust
// directory is certs below it, its default trust file cert.pem.
func (f OSFamily) OpenSSLDir() string {
	if f == RHEL {
		return "/etc/pki/tls"
	}
	return "/usr/lib/ssl"
}

// Release is an ARC release and the measured release that stands for it.
type Release struct {
	Version  string // "7.2.0", as detected or given
	Measured string // "6.17.0", "7.0.0" or "7.2.0": whose measured behaviour is used
	Exact    bool   // Version was measured itself
	Origin   string // how it was found: "--arc-version", a path, "default"
}

// PinnedIssuer is one directory of controldir/tokenissuers (arc-behaviour G1-G3).
type PinnedIssuer struct {
	Dir      string
	Issuer   string // the bytes of the file issuer, verbatim
	Metadata *source.File
	Keys     *source.File
	Modified time.Time // of the file keys
	Err      error     // why ARC does not read it
}

// Evidence is the chain that an issuer's host serves, leaf first, as given by
// --evidence.
type Evidence struct {
	Host  string // "cilogon.org" or "b2access.eudat.eu:8443"
	Path  string
	Chain []*gridsec.Certificate
	Err   error
}

// Problem is something that could not be read.
type Problem struct {
	Path   string
	Reason string
}

// Accounts are the local accounts and groups of /etc/passwd and /etc/group.
type Accounts struct {
	Users  map[string]int // name to uid
	Groups map[string]int // name to gid
}
