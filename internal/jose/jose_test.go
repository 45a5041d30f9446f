package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
)

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func load(t testing.TB, name string) crypto.Signer {
	t.Helper()
	key, err := pki.LoadKey(name)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign makes a token with RS256 or ES256.
func sign(t testing.TB, key crypto.Signer, header, claims string) string {
	t.Helper()
	text := encode([]byte(header)) + "." + encode([]byte(claims))
	sum := sha256.Sum256([]byte(text))
	var signature []byte
	switch k := key.(type) {
	case *rsa.PrivateKey:
		var err error
		if signature, err = rsa.SignPKCS1v15(nil, k, crypto.SHA256, sum[:]); err != nil {
			t.Fatal(err)
		}
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, k, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		signature = append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	}
	return text + "." + encode(signature)
}

// keySet is the set of public keys, ids given.
func keySet(t testing.TB, keys map[string]crypto.Signer) []byte {
	t.Helper()
	var set []map[string]string
	for kid, key := range keys {
		switch k := key.Public().(type) {
		case *rsa.PublicKey:
			set = append(set, map[string]string{"kty": "RSA", "kid": kid, "n": encode(k.N.Bytes()), "e": encode(big.NewInt(int64(k.E)).Bytes())})
		case *ecdsa.PublicKey:
			point, err := k.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			set = append(set, map[string]string{"kty": "EC", "crv": "P-256", "kid": kid, "x": encode(point[1:33]), "y": encode(point[33:])})
		}
	}
	data, err := json.Marshal(map[string]any{"keys": set})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestVerify(t *testing.T) {
	keys, err := ParseKeys(keySet(t, map[string]crypto.Signer{"r": load(t, "rsa1"), "e": load(t, "p256-1"), "other": load(t, "rsa2")}))
	if err != nil {
		t.Fatal(err)
	}
	good := sign(t, load(t, "rsa1"), `{"alg":"RS256","kid":"r"}`, `{"sub":"a"}`)
	parts := strings.Split(good, ".")
	for _, tt := range []struct {
		name, token, kid string
		want             error
	}{
		{"RSA", good, "r", nil},
		{"EC", sign(t, load(t, "p256-1"), `{"alg":"ES256","kid":"e"}`, `{}`), "e", nil},
		{"another key", good, "other", ErrBadSignature},
		{"other claims", parts[0] + "." + encode([]byte(`{"sub":"b"}`)) + "." + parts[2], "r", ErrBadSignature},
		{"no signature", parts[0] + "." + parts[1] + ".", "r", ErrBadSignature},
		{"EC without signature", strings.TrimRight(sign(t, load(t, "p256-1"), `{"alg":"ES256"}`, `{}`), "-_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), "e", ErrBadSignature},
		{"algorithm of another kind", sign(t, load(t, "rsa1"), `{"alg":"ES256"}`, `{}`), "r", ErrUnsupported},
		{"RSA algorithm for EC", sign(t, load(t, "p256-1"), `{"alg":"RS256"}`, `{}`), "e", ErrUnsupported},
		{"none", sign(t, load(t, "rsa1"), `{"alg":"none"}`, `{}`), "r", ErrUnsupported},
	} {
		token, err := Parse(tt.token)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if err := token.Verify(*Find(keys, tt.kid)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if k := Find(keys, "nosuch"); k != nil {
		t.Errorf("found %+v", k)
	}
}

func TestHeader(t *testing.T) {
	for header, want := range map[string]Header{
		`{"alg":"RS256","kid":"a"}`:            {Alg: "RS256", Kid: "a", HasKid: true},
		`{"alg":"RS256","kid":""}`:             {Alg: "RS256", HasKid: true},
		`{"alg":"RS256","Kid":"a"}`:            {Alg: "RS256"},
		`{"kid":7,"alg":null}`:                 {},
		`{"kid":null}`:                         {},
		`{"kid":"a","kid":"b"}`:                {Kid: "a", HasKid: true},
		`{"alg":"RS256","jwk":{},"x5c":["a"]}`: {Alg: "RS256", Embedded: []string{"jwk", "x5c"}},
	} {
		token, err := Parse(encode([]byte(header)) + ".e30.")
		if err != nil {
			t.Errorf("%s: %v", header, err)
			continue
		}
		if diff := cmp.Diff(want, token.Header); diff != "" {
			t.Errorf("%s (-want +got):\n%s", header, diff)
		}
	}
}

func TestRefuses(t *testing.T) {
	for _, token := range []string{"", "a.b", "e30.e30.a.b.c", "!.e30.", "e30.!.", "e30.e30.!", "W10.e30.", encode([]byte(`{} {}`)) + ".e30.", strings.Repeat("a", MaxToken+1)} {
		if _, err := Parse(token); err == nil {
			t.Errorf("Parse(%.20q): no error", token)
		} else if strings.Contains(err.Error(), "e30") {
			t.Errorf("Parse(%.20q): the error shows a part of the token: %v", token, err)
		}
	}
	many := `{"keys":[{}` + strings.Repeat(",{}", maxKeys) + `]}`
	for _, set := range []string{"", "[]", `{}`, `{"keys":1}`, many, strings.Repeat(" ", maxKeySet+1)} {
		if _, err := ParseKeys([]byte(set)); err == nil {
			t.Errorf("ParseKeys(%.20q): no error", set)
		}
	}
	for _, key := range []string{
		`{"kty":"RSA","n":"","e":"AQAB"}`, `{"kty":"RSA","n":"AQ","e":"AQABAQAB"}`, `{"kty":"oct","k":"AQ"}`, `{"kty":"EC","crv":"P-384"}`,
		`{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}`, `{"kty":"RSA","n":"` + strings.Repeat("A", maxRSA) + `","e":"AQAB"}`,
	} {
		keys, err := ParseKeys([]byte(`{"keys":[` + key + `]}`))
		if err != nil || len(keys) != 1 || keys[0].Public != nil {
			t.Errorf("%.60s: %+v, %v, want a key that is not read", key, keys, err)
		}
	}
}

// FuzzVerify: whatever is handed in, nothing panics, and no token but those that
// the key signed is good.
func FuzzVerify(f *testing.F) {
	set := keySet(f, map[string]crypto.Signer{"r": load(f, "rsa1"), "e": load(f, "p256-1")})
	good := sign(f, load(f, "rsa1"), `{"alg":"RS256","kid":"r"}`, `{"sub":"a"}`)
	f.Add(good, set)
	f.Add(sign(f, load(f, "p256-1"), `{"alg":"ES256","kid":"e"}`, `{}`), set)
	f.Add("e30.e30.", []byte(`{"keys":[{"kty":"RSA","n":"AQ","e":"AQ"}]}`))
	f.Fuzz(func(t *testing.T, text string, set []byte) {
		token, err := Parse(text)
		if err != nil {
			return
		}
		keys, err := ParseKeys(set)
		if err != nil {
			return
		}
		for _, k := range keys {
			_ = token.Verify(k)
		}
	})
}
