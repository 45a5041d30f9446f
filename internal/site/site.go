// Package site joins what was read of a site with the release and the clock.
// It is the only view that rules, verify and access get: they do no I/O and
// read no clock.
package site

import (
	"time"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
	"arclint/internal/evidence"
	"arclint/internal/gridsec"
)

// Site is one CE as its files show it. It is not changed after Load.
type Site struct {
	Root     string // as given: "/", a directory, an archive, "example:dune"
	Config   string // path of arc.conf as the site sees it
	ConfOnly bool   // nothing but arc.conf was read
	Now      time.Time
	Aged     bool          // Now is the clock of who reads a copy, which may be older
	Within   time.Duration // rules look so far ahead for what ends, if it is further than they do
	Release  Release
	OSFamily OSFamily
	OSOrigin string // the path that told the family; or --os-family; "" where nothing did
	OS       OSVersion
	Conf     *arcconf.Document
	Access   *authgroup.Document // the lines of Conf that say who gets in

	GridDir    *gridsec.Dir   // /etc/grid-security/certificates, where the key fetch looks whatever arc.conf says (arc-behaviour H1)
	ClientDirs []*gridsec.Dir // what x509_cert_dir names; usually the one GridDir
	FetchDirs  []*gridsec.Dir // what names directories for the key fetch, on a release that has such an option; else GridDir is it
	System     *gridsec.System
	OpenSSL    *gridsec.OpenSSLConf // the host's openssl.cnf
	Slurm      *Slurm               // of the host, where [lrms] names it and its configuration is here; else nil
	VOMS       *gridsec.VOMSDir
	Host       *gridsec.Credential
	Maps       []*gridsec.MapFile     // grid-mapfiles and the files of file= and map_with_file=
	Pools      []*gridsec.Pool        // the directories of map_to_pool
	Pinned     evidence.PinnedIssuers // controldir/tokenissuers, read by 7.x at start
	Evidence   evidence.Chains        // that issuers serve, given by the user
	KeySets    evidence.KeySets       // that issuers serve, given by the user
	Accounts   *Accounts              // nil where /etc/passwd could not be read
	Deciding   []Deciding             // what decides about trust, access, or what runs as root
	Named      map[string]Named       // what stands at the paths that arc.conf names; ask NamedPath
	Renewal    Renewal                // of the CRLs
	Problems   []Problem              // what could not be read and is no finding of a rule

	// Target is this site as the release of --target would read it, nil where
	// none is given. It has no Target itself.
	Target *Site

	origin origin
	memo   memo
}

// Problem is something that could not be read.
type Problem struct {
	Path   string
	Reason string
}
