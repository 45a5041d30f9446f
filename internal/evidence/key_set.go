package evidence

import (
	"encoding/json"
	"path"
	"strings"

	"arclint/internal/issuers"
	"arclint/internal/rootfs"
)

const maxFile = 1 << 20 // bytes of a key set or a file of a pinned issuer

// KeySet is the set of keys that an issuer's host serves, as given by --evidence.
type KeySet struct {
	Host, Port string
	Path       string
	Data       []byte
	Issuer     string // whose it is, where the probe wrote it
	Err        error
}

// KeySets are those of several hosts.
type KeySets []*KeySet

// ReadKeySets reads the files <host>.jwks.json and <host>_<port>.jwks.json of a
// directory.
func ReadKeySets(fsys rootfs.FS) KeySets {
	entries, err := rootfs.List(fsys, "/")
	if err != nil {
		return nil // ReadChains keeps the error
	}
	var found KeySets
	for _, e := range entries {
		host, port, ok := issuers.ParseKeySetName(path.Base(e.Path))
		if !ok {
			continue
		}
		k := &KeySet{Host: host, Port: port, Path: e.Path}
		k.Data, _, k.Err = rootfs.Read(fsys, e.Path, maxFile)
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

// Of is the key set that the issuer's host serves, nil where none was
// given, or only one that the probe got from another issuer of that host.
func (s KeySets) Of(issuer string) *KeySet {
	host, port, err := issuers.HostPort(issuer)
	if err != nil {
		return nil
	}
	for _, k := range s {
		if strings.EqualFold(k.Host, host) && k.Port == port && (k.Issuer == "" || k.Issuer == issuer) {
			return k
		}
	}
	return nil
}
