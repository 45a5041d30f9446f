// Package evidence reads what files tell of token issuers: the keys that are
// pinned in controldir/tokenissuers, and the chains and key sets that issuers
// serve, as the user gives them.
package evidence

import (
	"path"
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/rootfs"
)

// Served is the chain that an issuer's host serves, leaf first, as given by
// --evidence.
type Served struct {
	Host, Port string
	Path       string
	Chain      []*gridsec.Certificate
	Err        error
}

// Chains are those of several hosts.
type Chains []*Served

// ReadChains reads the files <host>.pem and <host>_<port>.pem of a directory.
func ReadChains(fsys rootfs.FS) Chains {
	entries, err := rootfs.List(fsys, "/")
	if err != nil {
		return Chains{{Path: "--evidence", Err: err}}
	}
	reader := gridsec.NewReader(fsys)
	var found Chains
	for _, e := range entries {
		name := path.Base(e.Path)
		host, port, ok := issuers.ParseEvidenceName(name)
		if !ok || !strings.HasSuffix(name, ".pem") {
			continue
		}
		file := reader.File(e.Path)
		found = append(found, &Served{Host: host, Port: port, Path: e.Path, Chain: file.Certificates, Err: file.Err})
	}
	return found
}

// Has says whether a directory holds anything that is read as evidence, or cannot be
// listed, which ReadChains tells.
func Has(fsys rootfs.FS) bool {
	entries, err := rootfs.List(fsys, "/")
	return err != nil || slices.ContainsFunc(entries, func(e rootfs.Info) bool {
		_, _, chain := issuers.ParseEvidenceName(path.Base(e.Path))
		_, _, keys := issuers.ParseKeySetName(path.Base(e.Path))
		return chain || keys
	})
}

// For is the chain that the host serves, nil where none was given.
func (c Chains) For(host, port string) *Served {
	for _, e := range c {
		if strings.EqualFold(e.Host, host) && e.Port == port {
			return e
		}
	}
	return nil
}
