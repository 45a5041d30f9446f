package trust

import (
	"strings"
	"testing"

	"arclint/internal/openssl"
	"arclint/internal/release"
	"arclint/internal/site"
)

// TestProfiles: each measured release is judged by an OpenSSL whose differences
// are known, and by that of its row.
func TestProfiles(t *testing.T) {
	for _, row := range release.Default().All() {
		if _, known := openssl.ProfileOf(row.OpenSSL); !known {
			t.Errorf("ARC %s: the differences of OpenSSL %s are not known", row.Measured, row.OpenSSL)
		}
		p := profileOf(site.Release{Row: row})
		if !strings.HasPrefix(row.OpenSSL, p.OpenSSL+".") || p.SkipsUnreadable != row.SkipsUnreadable {
			t.Errorf("ARC %s is judged by %+v, its row says %s, %t", row.Measured, p, row.OpenSSL, row.SkipsUnreadable)
		}
	}
}
