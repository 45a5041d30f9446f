package gridsec

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"math/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"arclint/fixtures/pki"
)

var sameInt = cmp.Comparer(func(a, b *big.Int) bool { return a == b || a != nil && b != nil && a.Cmp(b) == 0 })

// madeCRL has entries of all kinds; more is how many plain ones besides.
func madeCRL(t testing.TB, more int) []byte {
	t.Helper()
	serial := func(hex string) *big.Int {
		n, ok := new(big.Int).SetString(hex, 16)
		if !ok {
			t.Fatal(hex)
		}
		return n
	}
	invalid, err := asn1.MarshalWithParams(pki.Now, "generalized")
	must(t, err)
	list := &x509.RevocationList{
		Number: big.NewInt(7), ThisUpdate: pki.Now, NextUpdate: pki.Now.AddDate(0, 1, 0),
		RevokedCertificateEntries: []x509.RevocationListEntry{
			{SerialNumber: serial("1"), RevocationTime: pki.Now},
			{SerialNumber: serial("80"), RevocationTime: pki.Now, ReasonCode: 1},
			{SerialNumber: serial("ffffffffffffffff"), RevocationTime: pki.Now, ReasonCode: 8},
			{SerialNumber: serial("123456789abcdef0123456789abcdef012345678"), RevocationTime: time.Date(2050, 2, 3, 4, 5, 6, 0, time.UTC)},
			{SerialNumber: serial("5"), RevocationTime: time.Date(1950, 2, 3, 4, 5, 6, 0, time.UTC), ReasonCode: 4,
				ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 24}, Value: invalid}}},
		},
	}
	for i := range more {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{
			SerialNumber: big.NewInt(int64(i)*7919 + 1000), RevocationTime: pki.Now.Add(time.Duration(i) * time.Hour), ReasonCode: i % 3,
		})
	}
	der, err := x509.CreateRevocationList(rand.New(rand.NewSource(1)), list, testCA.Parsed, testCA.Key)
	must(t, err)
	return der
}

// wantSameCRL compares the two readers. Only one may fail: the fast one does not
// look at what the library refuses in entries.
func wantSameCRL(t *testing.T, der []byte) {
	t.Helper()
	want, wantErr := x509.ParseRevocationList(der)
	got, ok := parseLargeCRL(der)
	if !ok || wantErr != nil {
		return
	}
	if diff := cmp.Diff(want, got, sameInt, cmpopts.IgnoreFields(x509.RevocationList{}, "RevokedCertificates")); diff != "" {
		t.Errorf("(-library +gridsec):\n%s", diff)
	}
}

func TestLargeCRL(t *testing.T) {
	der := madeCRL(t, 1000)
	if _, ok := parseLargeCRL(der); !ok || len(der) < largeCRL {
		t.Fatalf("a list of %d bytes was left to the library", len(der))
	}
	wantSameCRL(t, der)
	list, err := parseRevocationList(der)
	must(t, err, list.CheckSignatureFrom(testCA.Parsed))
	if _, ok := parseLargeCRL(pki.NewCRL(testCA, pki.CRLSpec{}).DER); ok {
		t.Error("a list without entries has some")
	}
}

// TestLargeCRLDamaged turns the bytes of a list before its signature: what the
// library reads is read the same way.
func TestLargeCRLDamaged(t *testing.T) {
	der := madeCRL(t, 0)
	masks := []byte{0x01, 0x20, 0x80, 0xff}
	for i := range len(der) - testCA.Parsed.PublicKey.(*rsa.PublicKey).Size() {
		damaged := bytes.Clone(der)
		damaged[i] ^= masks[i%len(masks)]
		wantSameCRL(t, damaged)
		if _, ok := parseLargeCRL(der[:i]); ok {
			t.Errorf("%d bytes of a list were read", i)
		}
	}
}
