package jose

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
)

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func sign(t testing.TB, key, header, claims string) string {
	t.Helper()
	token, err := pki.Token(key, header, claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// keysOf reads the sets of stored keys, each under its own name.
func keysOf(t testing.TB, names ...string) []Key {
	t.Helper()
	var all []Key
	for _, name := range names {
		set, err := pki.KeySet(name, name)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := ParseKeys(set)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, keys...)
	}
	return all
}

func TestVerify(t *testing.T) {
	keys := keysOf(t, "rsa1", "p256-1", "rsa2")
	good := sign(t, "rsa1", `{"alg":"RS256","kid":"r"}`, `{"sub":"a"}`)
	parts := strings.Split(good, ".")
	for _, tt := range []struct {
		name, token, kid string
		want             error
	}{
		{"RSA", good, "rsa1", nil},
		{"EC", sign(t, "p256-1", `{"alg":"ES256","kid":"e"}`, `{}`), "p256-1", nil},
		{"another key", good, "rsa2", ErrBadSignature},
		{"other claims", parts[0] + "." + encode([]byte(`{"sub":"b"}`)) + "." + parts[2], "rsa1", ErrBadSignature},
		{"no signature", parts[0] + "." + parts[1] + ".", "rsa1", ErrBadSignature},
		{"EC without signature", strings.TrimRight(sign(t, "p256-1", `{"alg":"ES256"}`, `{}`), "-_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), "p256-1", ErrBadSignature},
		{"algorithm of another kind", sign(t, "rsa1", `{"alg":"ES256"}`, `{}`), "rsa1", ErrUnsupported},
		{"RSA algorithm for EC", sign(t, "p256-1", `{"alg":"RS256"}`, `{}`), "p256-1", ErrUnsupported},
		{"none", sign(t, "rsa1", `{"alg":"none"}`, `{}`), "rsa1", ErrUnsupported},
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
	set, err := pki.KeySet("r", "rsa1")
	if err != nil {
		f.Fatal(err)
	}
	good := sign(f, "rsa1", `{"alg":"RS256","kid":"r"}`, `{"sub":"a"}`)
	f.Add(good, set)
	f.Add(sign(f, "p256-1", `{"alg":"ES256","kid":"e"}`, `{}`), set)
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
