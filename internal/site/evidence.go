package site

import (
	"path"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/rootfs"
)

// Evidence is the chain that an issuer's host serves, leaf first, as given by
// --evidence.
type Evidence struct {
	Host, Port string
	Path       string
	Chain      []*gridsec.Certificate
	Err        error
}

// readEvidence reads the files <host>.pem and <host>_<port>.pem of a directory.
func readEvidence(fsys rootfs.FS) []*Evidence {
	entries, err := rootfs.List(fsys, "/")
	if err != nil {
		return []*Evidence{{Path: "--evidence", Err: err}}
	}
	reader := gridsec.NewReader(fsys)
	var found []*Evidence
	for _, e := range entries {
		name := path.Base(e.Path)
		host, port, ok := issuers.ParseEvidenceName(name)
		if !ok || !strings.HasSuffix(name, ".pem") {
			continue
		}
		file := reader.File(e.Path)
		found = append(found, &Evidence{Host: host, Port: port, Path: e.Path, Chain: file.Certificates, Err: file.Err})
	}
	return found
}

// EvidenceFor is the chain that the host serves, nil where none was given.
func (s *Site) EvidenceFor(host, port string) *Evidence {
	for _, e := range s.Evidence {
		if strings.EqualFold(e.Host, host) && e.Port == port {
			return e
		}
	}
	return nil
}
