package openssl

import "strings"

// Profile is how one version of OpenSSL behaves where versions differ.
type Profile struct {
	OpenSSL string // "3.0"
	Level   int    // security level; Debian and RHEL build with 2

	// SkipsUnreadable: an entry HASH.N that cannot be read does not hide
	// HASH.N+1. It is measured so with OpenSSL 3.5.9 and 3.6.5, and hides it with
	// 3.0.20 (arc-behaviour D3). It is a matter of the patch release: 3.5.7 and
	// 3.6.3 stop there, 3.0.22 goes on. The files do not tell it for sure.
	SkipsUnreadable bool
	// CountsWholeFiles: where not one file HASH.N of a directory could be read to
	// its end, what stood before the broken block is not used for this look
	// (by_dir.c of 3.2 and later).
	CountsWholeFiles bool
	// SkipsSelfSigned: no CRL is looked for where the end-entity certificate is
	// self-signed (check_cert_crl of 3.6).
	SkipsSelfSigned bool
}

// ProfileOf gives the profile of a version, as Debian and RHEL build it: "3.0",
// "3.0.19". ok is false where its differences are not known. SkipsUnreadable is
// for the caller to set: the version does not tell it.
func ProfileOf(version string) (p Profile, ok bool) {
	switch p = (Profile{Level: 2}); {
	case isOf(version, "3.0"):
		p.OpenSSL = "3.0"
	case isOf(version, "3.5"):
		p.OpenSSL, p.CountsWholeFiles = "3.5", true
	case isOf(version, "3.6"):
		p.OpenSSL, p.CountsWholeFiles, p.SkipsSelfSigned = "3.6", true, true
	default:
		return Profile{}, false
	}
	return p, true
}

func isOf(version, series string) bool {
	return version == series || strings.HasPrefix(version, series+".")
}
