package openssl_test

import (
	"crypto/sha1"
	"encoding/binary"
	"testing"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/openssl"
	"arclint/internal/x509name"
)

// FuzzCanonicalName: the first octets of the SHA-1 of the canonical form are the
// hash that OpenSSL gives a name.
func FuzzCanonicalName(f *testing.F) {
	for _, subject := range []string{
		"/", world.RootDN, "/O=  Two  Words /CN=\u00c9cole", "/DC=org/CN=J/emailAddress=J@Example.org", `/O=a\/b+OU=c/CN=d`,
	} {
		f.Add(pki.New(pki.Spec{Subject: subject}).Subject())
		f.Add(pki.New(pki.Spec{Subject: subject, Printable: true}).Subject())
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		want, err := x509name.Hash(der)
		name, ok := openssl.CanonicalName(der)
		if err != nil || !ok {
			return
		}
		sum := sha1.Sum([]byte(name))
		if got := binary.LittleEndian.Uint32(sum[:]); got != want {
			t.Errorf("%x: the canonical form hashes to %08x, want %08x", der, got, want)
		}
	})
}
