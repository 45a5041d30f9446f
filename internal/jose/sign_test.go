package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
)

func keys(t testing.TB) map[string]crypto.Signer {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]crypto.Signer{"RS256": r, "ES256": e}
}

// TestSign: what is signed verifies with the key as a key set has it, and not
// with one byte changed; the header keeps its order.
func TestSign(t *testing.T) {
	for alg, key := range keys(t) {
		text, err := Sign([]Member{{"zip", "no"}, {"alg", alg}, {"kid", "k"}}, []byte(`{"iss":"https://issuer.example.org"}`), key)
		if err != nil {
			t.Fatal(err)
		}
		token, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		head, err := decode(strings.Split(text, ".")[0])
		if want := `{"zip":"no","alg":"` + alg + `","kid":"k"}`; err != nil || string(head) != want {
			t.Errorf("header %s, %v, want %s", head, err, want)
		}
		set, err := json.Marshal(map[string]any{"keys": []any{JWK("k", key.Public())}})
		if err != nil {
			t.Fatal(err)
		}
		read, err := ParseKeys(set)
		if err != nil {
			t.Fatal(err)
		}
		if err := token.Verify(*Find(read, "k")); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
		token.signed[0] ^= 1
		if err := token.Verify(*Find(read, "k")); err != ErrBadSignature {
			t.Errorf("%s: another text: %v, want a bad signature", alg, err)
		}
	}
}

// TestParsePrivate: RSA and EC P-256 in each form; nothing else.
func TestParsePrivate(t *testing.T) {
	all := keys(t)
	block := func(kind string, der []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	pkcs8 := func(key any) string {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		return block("PRIVATE KEY", der, err)
	}
	sec1, err := x509.MarshalECPrivateKey(all["ES256"].(*ecdsa.PrivateKey))
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	large, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	for name, tt := range map[string]struct{ text, want string }{
		"RSA, PKCS 8":    {pkcs8(all["RS256"]), "RS256"},
		"RSA, PKCS 1":    {block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(all["RS256"].(*rsa.PrivateKey)), nil), "RS256"},
		"EC, PKCS 8":     {pkcs8(all["ES256"]), "ES256"},
		"EC, SEC 1":      {block("EC PARAMETERS", []byte{5, 0}, nil) + block("EC PRIVATE KEY", sec1, err), "ES256"},
		"P-384":          {pkcs8(large), "neither RSA nor EC P-256"},
		"Ed25519":        {pkcs8(edwards), "neither RSA nor EC P-256"},
		"encrypted":      {block("ENCRYPTED PRIVATE KEY", []byte("x"), nil), "passphrase"},
		"garbage":        {block("PRIVATE KEY", []byte("x"), nil), "cannot be read"},
		"no key":         {block("CERTIFICATE", []byte("x"), nil), "no private key"},
		"nothing at all": {"", "no private key"},
	} {
		key, err := ParsePrivate([]byte(tt.text))
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = Alg(key.Public())
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func FuzzParsePrivate(f *testing.F) {
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if key, err := ParsePrivate(data); err == nil && Alg(key.Public()) == "" {
			t.Error("a key that cannot sign")
		}
	})
}
