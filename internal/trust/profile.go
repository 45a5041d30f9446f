package trust

import "arclint/internal/openssl"

// profileOf gives the OpenSSL that the measured release was measured with:
// Debian's of the same suite. Whether an unreadable HASH.0 hides HASH.1 is a
// matter of the patch release (arc-behaviour D3), and each ARC release is judged
// by the one that it was measured with.
func profileOf(measured string) openssl.Profile {
	version, skipsUnreadable := "3.6", true
	switch measured {
	case "6.17.0":
		version, skipsUnreadable = "3.0", false
	case "7.0.0":
		version = "3.5"
	}
	p, _ := openssl.ProfileOf(version) // each of them is known
	p.SkipsUnreadable = skipsUnreadable
	return p
}
