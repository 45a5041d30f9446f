package gridsec

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
	"arclint/internal/rootfs"
)

// summary says what is known of a key in one line.
func summary(k *Key) string {
	matches := "unknown"
	if k.Matches != nil {
		matches = fmt.Sprint(*k.Matches)
	}
	return fmt.Sprintf("%s %d encrypted=%v matches=%s err=%v", k.Algorithm, k.Bits, k.Encrypted, matches, k.ParseErr != nil)
}

func TestCredential(t *testing.T) {
	other := pki.New(pki.Spec{Subject: userDN, Issuer: testCA, Key: "rsa3"})
	ec := pki.New(pki.Spec{Subject: userDN, Issuer: testCA, Key: "p256-1"})
	tests := []struct {
		name      string
		cert, key []byte
		want      string
	}{
		{"good", testUser.PEM(), testUser.KeyPEM(), "RSA 2048 encrypted=false matches=true err=false"},
		{"traditional", testUser.PEM(), testUser.TraditionalKeyPEM(), "RSA 2048 encrypted=false matches=true err=false"},
		{"of another certificate", testUser.PEM(), other.KeyPEM(), "RSA 2048 encrypted=false matches=false err=false"},
		{"EC", ec.PEM(), ec.KeyPEM(), "EC P-256 256 encrypted=false matches=true err=false"},
		{"EC, traditional", ec.PEM(), ec.TraditionalKeyPEM(), "EC P-256 256 encrypted=false matches=true err=false"},
		{"EC with parameters", ec.PEM(), join([]byte("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"), ec.TraditionalKeyPEM()), "EC P-256 256 encrypted=false matches=true err=false"},
		{"of another kind", testUser.PEM(), ec.KeyPEM(), "EC P-256 256 encrypted=false matches=false err=false"},
		{"encrypted", testUser.PEM(), pki.EncryptedKeyPEM(false), " 0 encrypted=true matches=unknown err=false"},
		{"encrypted, traditional", testUser.PEM(), pki.EncryptedKeyPEM(true), "RSA 0 encrypted=true matches=unknown err=false"},
		{"CRLF", testUser.PEM(), pki.CRLF(testUser.KeyPEM()), "RSA 2048 encrypted=false matches=true err=false"},
		{"certificate before the key", testUser.PEM(), join(testUser.PEM(), testUser.KeyPEM()), "RSA 2048 encrypted=false matches=true err=false"},
		{"no key", testUser.PEM(), testUser.PEM(), " 0 encrypted=false matches=unknown err=true"},
		{"cut", testUser.PEM(), testUser.KeyPEM()[:300], " 0 encrypted=false matches=unknown err=true"},
		{"empty", testUser.PEM(), nil, " 0 encrypted=false matches=unknown err=true"},
		{"indented", testUser.PEM(), pki.Indented(testUser.KeyPEM()), " 0 encrypted=false matches=unknown err=true"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := rootfs.NewMem()
			must(t, m.WriteFile("/c.pem", test.cert, 0o644), m.WriteFile("/k.pem", test.key, 0o400), m.Chown("/k.pem", 7, 8))
			c := NewReader(m).Credential("/c.pem", "/k.pem")
			if c.CertErr != nil || c.KeyErr != nil || c.KeyInfo.Mode != 0o400 || c.KeyInfo.UID != 7 {
				t.Fatalf("%+v", c)
			}
			if diff := cmp.Diff(test.want, summary(c.Key)); diff != "" {
				t.Errorf("key (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCredentialErrors(t *testing.T) {
	m := rootfs.NewMem()
	must(t,
		m.WriteFile("/both.pem", join(testUser.PEM(), testUser.KeyPEM()), 0o600),
		m.WriteFile("/text.pem", []byte("hello\n"), 0o644),
		m.WriteFile("/secret.pem", testUser.KeyPEM(), 0o400), m.Deny("/secret.pem"),
	)
	c := NewReader(m).Credential("/both.pem", "/both.pem")
	if c.CertErr != nil || c.Key == nil || c.Key.Matches == nil || !*c.Key.Matches || !c.Cert.HasPrivateKey {
		t.Errorf("one file for both: %+v", c)
	}
	c = NewReader(m).Credential("/missing", "/secret.pem")
	if !errors.Is(c.CertErr, fs.ErrNotExist) || c.Cert != nil || !errors.Is(c.KeyErr, fs.ErrPermission) || c.Key != nil || c.KeyInfo.Mode != 0o400 {
		t.Errorf("%+v", c)
	}
	c = NewReader(m).Credential("/text.pem", "/both.pem")
	if !errors.Is(c.CertErr, ErrNoObject) || c.Key == nil || c.Key.Matches != nil {
		t.Errorf("%+v", c)
	}
}

func FuzzCredential(f *testing.F) {
	f.Add(testUser.PEM(), testUser.KeyPEM())
	f.Add(testUser.PEM(), pki.EncryptedKeyPEM(true))
	f.Add([]byte("-----BEGIN RSA PRIVATE KEY-----\nx: y\n\nQUJD\n"), []byte("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, cert, key []byte) {
		m := rootfs.NewMem()
		must(t, m.WriteFile("/c.pem", cert, 0o644), m.WriteFile("/k.pem", key, 0o400))
		c := NewReader(m).Credential("/c.pem", "/k.pem")
		if c.KeyErr == nil && c.Key == nil || c.CertErr == nil && len(c.Cert.Certificates) == 0 {
			t.Errorf("%+v", c)
		}
		if c.Key != nil && c.Key.ParseErr != nil && c.Key.Matches != nil {
			t.Errorf("a key that was not read matches: %+v", c.Key)
		}
	})
}
