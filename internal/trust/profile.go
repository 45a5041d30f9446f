package trust

import (
	"arclint/internal/openssl"
	"arclint/internal/site"
)

// profileOf gives the OpenSSL that the release was measured with: Debian's of
// the same suite. Some of it is a matter of the patch release (arc-behaviour D3),
// and each ARC release is judged by the one that it was measured with.
func profileOf(r site.Release) openssl.Profile {
	p, _ := openssl.ProfileOf(r.OpenSSL) // a test holds that each is known
	return p
}
