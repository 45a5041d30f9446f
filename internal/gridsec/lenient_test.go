package gridsec

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"

	"arclint/fixtures/pki"
)

// TestLenientCRL: a CRL of version 1 counts, and so does one with an extension
// that crypto/x509 cannot read.
func TestLenientCRL(t *testing.T) {
	ca := pki.New(pki.Spec{Subject: "/CN=CA", Key: "p256-1"})
	bad := pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 35}, Value: []byte{4, 0}}
	reason := pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 21}, Value: []byte{4, 0}}
	for name, spec := range map[string]pki.CRLSpec{
		"version 1":      {V1: true},
		"bad extension":  {NoAKI: true, Extensions: []pkix.Extension{bad}},
		"bad reason":     {EntryExtensions: []pkix.Extension{reason}},
		"no next update": {V1: true, NoNextUpdate: true},
	} {
		spec.Revoked = []*big.Int{big.NewInt(7), big.NewInt(1 << 40)}
		made := pki.NewCRL(ca, spec)
		if _, err := x509.ParseRevocationList(made.DER); err == nil {
			t.Fatalf("%s: crypto/x509 reads it", name)
		}
		list, err := parseRevocationList(made.DER)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := list.CheckSignatureFrom(ca.Parsed); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(list.RevokedCertificateEntries) != 2 || list.RevokedCertificateEntries[1].SerialNumber.Cmp(spec.Revoked[1]) != 0 || list.NextUpdate.IsZero() != spec.NoNextUpdate {
			t.Errorf("%s: %d entries, next update %v", name, len(list.RevokedCertificateEntries), list.NextUpdate)
		}
	}
}

// FuzzLenient: whatever the bytes, nothing panics, and what is read is what was
// signed.
func FuzzLenient(f *testing.F) {
	ca := pki.New(pki.Spec{Subject: "/CN=CA", Key: "p256-1"})
	f.Add(pki.NewCRL(ca, pki.CRLSpec{V1: true, Revoked: []*big.Int{big.NewInt(7)}}).DER)
	f.Fuzz(func(t *testing.T, der []byte) {
		if list, err := parseRevocationList(der); err == nil && !bytes.Contains(der, list.RawTBSRevocationList) {
			t.Error("the signed bytes do not stand in the CRL")
		}
	})
}
