package site

import (
	"encoding/json"
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

// KeySet is the set of keys that an issuer's host serves, as given by --evidence.
type KeySet struct {
	Host, Port string
	Path       string
	Data       []byte
	Issuer     string // whose it is, where the probe wrote it
	Err        error
}

// readKeySets reads the files <host>.jwks.json and <host>_<port>.jwks.json of a
// directory.
func readKeySets(fsys rootfs.FS) []*KeySet {
	entries, err := rootfs.List(fsys, "/")
	if err != nil {
		return nil // readEvidence keeps the error
	}
	var found []*KeySet
	for _, e := range entries {
		host, port, ok := issuers.ParseKeySetName(path.Base(e.Path))
		if !ok {
			continue
		}
		k := &KeySet{Host: host, Port: port, Path: e.Path}
		k.Data, _, k.Err = rootfs.Read(fsys, e.Path, maxSmallFile)
		k.Issuer = issuerOfKeySet(k.Data)
		found = append(found, k)
	}
	return found
}

// issuerOfKeySet is what the probe wrote into a key set; "" in any other.
func issuerOfKeySet(data []byte) string {
	var members map[string]json.RawMessage
	var issuer string
	if json.Unmarshal(data, &members) != nil || json.Unmarshal(members[issuers.KeySetIssuer], &issuer) != nil {
		return ""
	}
	return issuer
}

// KeySetOf is the key set that the issuer's host serves, nil where none was
// given, or only one that the probe got from another issuer of that host.
func (s *Site) KeySetOf(issuer string) *KeySet {
	host, port, err := issuers.HostPort(issuer)
	if err != nil {
		return nil
	}
	for _, k := range s.KeySets {
		if strings.EqualFold(k.Host, host) && k.Port == port && (k.Issuer == "" || k.Issuer == issuer) {
			return k
		}
	}
	return nil
}

// PinnedFor are the directories of tokenissuers that this release reads for the
// issuer. Of two the one counts that is read last, in an order that the files do
// not tell (arc-behaviour G3).
func (s *Site) PinnedFor(issuer string) []*PinnedIssuer {
	var found []*PinnedIssuer
	for _, p := range s.Pinned {
		if p.Err == nil && p.Issuer == issuer {
			found = append(found, p)
		}
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
