package verify

// Profile is how one version of OpenSSL behaves where versions differ.
type Profile struct {
	OpenSSL string // "3.0"
	Level   int    // security level; Debian and RHEL build with 2

	// SkipsUnreadable: an entry HASH.N that cannot be read does not hide
	// HASH.N+1. It is measured so with OpenSSL 3.5.9 and 3.6.5, and hides it with
	// 3.0.20 (arc-behaviour D3). It is a matter of the patch release: 3.5.7 and
	// 3.6.3 stop there, 3.0.22 goes on. The files do not tell it for sure, so that
	// each ARC release is judged by the OpenSSL that it was measured with.
	SkipsUnreadable bool
	// CountsWholeFiles: where not one file HASH.N of a directory could be read to
	// its end, what stood before the broken block is not used for this look
	// (by_dir.c of 3.2 and later).
	CountsWholeFiles bool
	// SkipsSelfSigned: no CRL is looked for where the end-entity certificate is
	// self-signed (check_cert_crl of 3.6).
	SkipsSelfSigned bool
}

// ProfileOf gives the OpenSSL that the measured release was measured with:
// Debian's of the same suite.
func ProfileOf(measured string) Profile {
	switch measured {
	case "6.17.0":
		return Profile{OpenSSL: "3.0", Level: 2}
	case "7.0.0":
		return Profile{OpenSSL: "3.5", Level: 2, SkipsUnreadable: true, CountsWholeFiles: true}
	default:
		return Profile{OpenSSL: "3.6", Level: 2, SkipsUnreadable: true, CountsWholeFiles: true, SkipsSelfSigned: true}
	}
}
