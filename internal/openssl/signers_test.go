package openssl_test

import (
	"bytes"
	"crypto/rsa"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arclint/fixtures/mutants"
	"arclint/fixtures/pki"
	"arclint/internal/openssl"
)

// unknownSigners are the kinds of testdata/signers.pem whose signatures arclint cannot
// check: it says so, and neither trusts nor refuses.
var unknownSigners = map[string]bool{
	"EC on sect283k1": true, "Ed448": true, "SM2": true, "SM2 with an identity": true,
}

// issued is a CA and a certificate that it issued, both DER.
type issued struct {
	what      string
	ca, child []byte
}

// readSigners reads testdata/signers.pem, which signers.sh beside it makes.
func readSigners(t *testing.T) (list []issued) {
	t.Helper()
	data, err := os.ReadFile("testdata/signers.pem")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(data), "# ")[1:] {
		what, rest, _ := strings.Cut(part, "\n")
		ca, after := pem.Decode([]byte(rest))
		child, _ := pem.Decode(after)
		if ca == nil || child == nil {
			t.Fatalf("%s: two certificates are wanted", what)
		}
		list = append(list, issued{what, ca.Bytes, child.Bytes})
	}
	return list
}

// oddExponents are CAs with keys that no program makes: for an exponent of 1 whoever
// knows the public key signs.
func oddExponents(t *testing.T) (list []issued) {
	t.Helper()
	key, err := pki.LoadKey("rsa1")
	if err != nil {
		t.Fatal(err)
	}
	n := key.Public().(*rsa.PublicKey).N
	for _, e := range []int64{0, 1, 2, 4} {
		sign := func(encoded []byte) []byte {
			if e == 1 {
				return encoded
			}
			return new(big.Int).Sqrt(new(big.Int).SetBytes(encoded)).FillBytes(make([]byte, len(encoded)))
		}
		odd, child := mutants.OddRSA(n, big.NewInt(e), sign)
		list = append(list, issued{"RSA, exponent " + big.NewInt(e).String(), odd, child})
	}
	return list
}

// TestSigners: for each kind of key and signature, what it signed is accepted where
// openssl accepts it, at two security levels, and refused where a bit is another one.
func TestSigners(t *testing.T) {
	m := &mutation{oracle: findOracle(t)}
	l := layout{dir: t.TempDir()}
	if err := os.Mkdir(filepath.Join(l.dir, "ca"), 0o755); err != nil {
		t.Fatal(err)
	}
	var files []string
	whose := map[string]issued{}
	for i, s := range append(readSigners(t), oddExponents(t)...) {
		broken := bytes.Clone(s.child)
		broken[len(broken)-2] ^= 1
		l.write(t, fmt.Sprintf("ca/signer-%d.pem", i), asPEM(s.ca))
		for name, der := range map[string][]byte{fmt.Sprintf("child-%d.pem", i): s.child, fmt.Sprintf("broken-%d.pem", i): broken} {
			l.write(t, name, asPEM(der))
			files, whose[name] = append(files, name), s
		}
	}
	m.rehash(t, l)
	for _, level := range []int{1, 2} {
		m.profile.Level = level
		codes, v := m.codes(t, l, openssl.Server, files), newView(t, l, m.profile)
		for _, name := range files {
			whose[name].compare(t, v, name, level, codes[name])
		}
	}
}

func (s issued) compare(t *testing.T, v view, name string, level, code int) {
	t.Helper()
	got := v.engine.Verify(v.reader.File("/"+name).Certificates, openssl.Server, pki.Now)
	switch {
	case got.Reason == openssl.Unchecked:
		if !unknownSigners[s.what] || code != 0 && code != badSignature || got.Known() || got.Accepted || got.Doubt() == "" {
			t.Errorf("%s, %s, level %d: OpenSSL says %d, arclint cannot tell\n%s", s.what, name, level, code, story(got))
		}
	case !fits(code, got.Reason):
		t.Errorf("%s, %s, level %d: OpenSSL says %d, arclint %s\n%s", s.what, name, level, code, got.Reason, story(got))
	case code == 0 && unknownSigners[s.what]:
		t.Errorf("%s: arclint can tell: take it off the list", s.what)
	}
}

// TestUnknownSigners says without openssl that they are not known, for the chain and for
// a CRL.
func TestUnknownSigners(t *testing.T) {
	p, _ := openssl.ProfileOf("3.0.20")
	found := 0
	for _, s := range readSigners(t) {
		l := layout{dir: t.TempDir()}
		l.write(t, "ca.pem", asPEM(s.ca))
		l.write(t, "child.pem", asPEM(s.child))
		v := newView(t, l, p)
		engine := (&openssl.Engine{Profile: p}).Trusting(v.reader.File("/ca.pem"))
		got := engine.Verify(v.reader.File("/child.pem").Certificates, openssl.Server, pki.Now)
		if !unknownSigners[s.what] {
			continue
		}
		found++
		if got.Known() || got.Accepted || got.Reason != openssl.Unchecked || !strings.Contains(got.Doubt(), "was not checked") {
			t.Errorf("%s: %s, known %v, %q", s.what, got.Reason, got.Known(), got.Doubt())
		}
		ca := v.reader.File("/ca.pem").Certificates[0]
		if !v.reader.File("/child.pem").Certificates[0].IssuedBy(ca) {
			t.Errorf("%s: the names say who issued it", s.what)
		}
	}
	if found != len(unknownSigners) {
		t.Errorf("%d of %d kinds were asked", found, len(unknownSigners))
	}
}
