package issuers

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
)

// Fingerprint is a SHA-256: of a whole certificate, or of its
// SubjectPublicKeyInfo.
type Fingerprint [sha256.Size]byte

// FingerprintOf hashes the DER of a certificate (x509.Certificate.Raw) or of a
// public key (RawSubjectPublicKeyInfo).
func FingerprintOf(der []byte) Fingerprint { return sha256.Sum256(der) }

// String is the fingerprint in lower-case hexadecimal.
func (f Fingerprint) String() string { return hex.EncodeToString(f[:]) }

// Root is a root of a CA that a token issuer is known to use.
type Root struct {
	Subject    string // one-line form
	Hash       uint32 // `openssl x509 -hash`
	SPKISHA256 Fingerprint
}

// PublicRoot is a root of the web, as Mozilla's list in Debian's
// ca-certificates has it, once for each key.
type PublicRoot struct {
	Subject     string
	Hash        uint32
	SPKISHA256  Fingerprint
	IGTF        bool   // the newest IGTF release known here holds the same key
	LastRelease string // newest release of ca-certificates known here that holds it
	Current     bool   // that release is the newest known here
}

// GridCA is a trust anchor of the IGTF distribution, roots and intermediates.
type GridCA struct {
	Alias       string
	Subject     string
	Hash        uint32
	OldHash     uint32
	SPKISHA256  Fingerprint
	CertSHA256  Fingerprint
	LastRelease string // newest IGTF release known here that holds this certificate
	Fate        Fate
}

// Fate is what became of a trust anchor by the newest IGTF release known here.
type Fate string

// The values of Fate.
const (
	Current Fate = "current"
	Renewed Fate = "renewed" // another certificate of the same subject took its place
	Dropped Fate = "dropped"
)

// Release is a release that the tables were made from.
type Release struct {
	Name string // "1.146"
	Date string // 2006-01-02, of Debian's package
}

//go:embed data/releases.tsv
var releasesTSV string

//go:embed data/roots.tsv
var rootsTSV string

//go:embed data/webtrust.tsv
var webtrustTSV string

//go:embed data/igtf.tsv
var igtfTSV string

// IGTFReleases are the IGTF releases that GridCAs knows, oldest first.
func IGTFReleases() []Release { return releasesOf("igtf") }

// publicReleases are the releases of ca-certificates that PublicRoots knows,
// oldest first.
func publicReleases() []Release { return releasesOf("mozilla") }

// PublicRelease names the newest release of ca-certificates that is known here.
func PublicRelease() string { return "ca-certificates " + newest(publicReleases()) }

func releasesOf(set string) []Release {
	var list []Release
	for _, row := range rows(releasesTSV, "set release date") {
		if row[0] == set {
			list = append(list, Release{Name: row[1], Date: row[2]})
		}
	}
	return list
}

// newest is the last of the releases, which are never empty.
func newest(list []Release) string { return list[len(list)-1].Name }

// KnownRoots lists the roots of the CA that Issuer.TLSRoot names. Which of
// them the issuer's chain ends in is not known. A text that names no CA of the
// table gives none.
func KnownRoots(tlsRoot string) []Root {
	var found []Root
	for _, row := range rows(rootsTSV, "operator subject hash spki_sha256") {
		if rest, ok := strings.CutPrefix(tlsRoot, row[0]); ok && (rest == "" || rest[0] == ' ') {
			found = append(found, Root{Subject: row[1], Hash: mustHash(row[2]), SPKISHA256: mustFingerprint(row[3])})
		}
	}
	return found
}

// PublicRoots lists the web's roots of all releases known here.
func PublicRoots() []PublicRoot { return slices.Clone(publicRoots()) }

var publicRoots = sync.OnceValue(func() []PublicRoot {
	last := newest(publicReleases())
	var list []PublicRoot
	for _, row := range rows(webtrustTSV, "subject hash spki_sha256 igtf last_release") {
		list = append(list, PublicRoot{
			Subject: row[0], Hash: mustHash(row[1]), SPKISHA256: mustFingerprint(row[2]),
			IGTF: row[3] == string(Yes), LastRelease: row[4], Current: row[4] == last,
		})
	}
	return list
})

// FindPublicRoot finds the web's root with this key.
func FindPublicRoot(spki Fingerprint) (PublicRoot, bool) {
	i, ok := publicRootsByKey()[spki]
	if !ok {
		return PublicRoot{}, false
	}
	return publicRoots()[i], true
}

// PublicRootsNamed are the roots of the web with this subject, which may have
// several keys.
func PublicRootsNamed(subject string) []PublicRoot {
	var found []PublicRoot
	for _, r := range publicRoots() {
		if r.Subject == subject {
			found = append(found, r)
		}
	}
	return found
}

// publicRootsByKey are indices of publicRoots: each has a key of its own.
var publicRootsByKey = sync.OnceValue(func() map[Fingerprint]int {
	return indices(publicRoots(), func(r *PublicRoot) Fingerprint { return r.SPKISHA256 })
})

// indices gives the first place of each key in a list.
func indices[T any](list []T, key func(*T) Fingerprint) map[Fingerprint]int {
	index := make(map[Fingerprint]int, len(list))
	for i := range list {
		if _, again := index[key(&list[i])]; !again {
			index[key(&list[i])] = i
		}
	}
	return index
}

// GridCAs lists the trust anchors of all IGTF releases known here.
func GridCAs() []GridCA { return slices.Clone(gridCAs()) }

var gridCAs = sync.OnceValue(func() []GridCA {
	last := newest(IGTFReleases())
	var list []GridCA
	for _, row := range rows(igtfTSV, "alias subject hash old_hash spki_sha256 cert_sha256 last_release renewed") {
		fate := Current
		switch {
		case row[7] == string(Yes):
			fate = Renewed
		case row[6] != last:
			fate = Dropped
		}
		list = append(list, GridCA{
			Alias: row[0], Subject: row[1], Hash: mustHash(row[2]), OldHash: mustHash(row[3]),
			SPKISHA256: mustFingerprint(row[4]), CertSHA256: mustFingerprint(row[5]),
			LastRelease: row[6], Fate: fate,
		})
	}
	return list
})

// FindGridCA finds the trust anchor with exactly this certificate.
func FindGridCA(cert Fingerprint) (GridCA, bool) {
	i, ok := gridCAsByCertificate()[cert]
	if !ok {
		return GridCA{}, false
	}
	return gridCAs()[i], true
}

var gridCAsByCertificate = sync.OnceValue(func() map[Fingerprint]int {
	return indices(gridCAs(), func(ca *GridCA) Fingerprint { return ca.CertSHA256 })
})
