package certificate

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/ber"
)

// own reads a certificate without crypto/x509's help for the whole.
func own(der []byte) (*x509.Certificate, bool) {
	v, rest, ok := certificateType.Read(der)
	if !ok || len(rest) > 0 {
		return nil, false
	}
	return fill(v), true
}

// compare wants of the own reading what crypto/x509 gives, where both read a
// certificate; but for what the doc comment of Read says.
func compare(t testing.TB, der []byte) {
	t.Helper()
	want, err := x509.ParseCertificate(der)
	got, ok := own(der)
	if err != nil || !ok {
		return
	}
	heedTimes(want)
	if want.Version < 3 && len(got.Extensions) > 0 {
		return // crypto/x509 looks at none of them
	}
	if !reflect.DeepEqual(got, want) {
		g, w := reflect.ValueOf(*got), reflect.ValueOf(*want)
		for i := range g.NumField() {
			if a, b := g.Field(i).Interface(), w.Field(i).Interface(); !reflect.DeepEqual(a, b) {
				t.Errorf("%s: %#v, crypto/x509 gives %#v\n%x", g.Type().Field(i).Name, a, b, der)
			}
		}
	}
}

// realCertificates are those of the system's store and of the IGTF distribution, as
// far as they are installed.
func realCertificates(t testing.TB) (list [][]byte) {
	t.Helper()
	files := []string{"/etc/ssl/certs/ca-certificates.crt"}
	for _, pattern := range []string{"/usr/share/igtf-policy/*/*.pem", "../../fixtures/sites/*/root/etc/grid-security/certificates/*.pem", "../../fixtures/sites/parts/*/root/usr/share/ca-certificates/mozilla/*.crt"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, path := range files {
		data, _ := os.ReadFile(path) // what is not installed is left out
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			if block.Type == "CERTIFICATE" {
				list = append(list, block.Bytes)
			}
		}
	}
	return list
}

// TestReadLikeGo: the own reading of certificates that crypto/x509 takes is equal to
// its.
func TestReadLikeGo(t *testing.T) {
	ca := pki.New(pki.Spec{Subject: "/DC=org/CN=CA", Key: "p256-1", PathLen: pki.Int(0), PermittedDNS: []string{"example.org"}})
	list := append(realCertificates(t), ca.Cert)
	for _, key := range pki.Keys() {
		list = append(list, pki.New(pki.Spec{Subject: "/CN=host.example.org", Key: key, Issuer: ca, DNSNames: []string{"host.example.org"}, CDP: []string{"http://example.org/crl"}, EKU: []string{"1.2.3"}}).Cert)
	}
	for _, der := range list {
		if _, err := x509.ParseCertificate(der); err != nil {
			t.Logf("crypto/x509 refuses one: %v", err)
		}
		if _, rest, err := Read(der); err != nil || len(rest) > 0 {
			t.Errorf("%v, %d bytes follow: %x", err, len(rest), der)
		}
		compare(t, der)
	}
	t.Logf("%d certificates", len(list))
}

// TestRefusedByGo: an extension that crypto/x509 refuses and OpenSSL reads does not
// hide the certificate, and the others are read all the same.
func TestRefusedByGo(t *testing.T) {
	ca := pki.New(pki.Spec{Subject: "/CN=CA", Key: "p256-1"})
	sixBytes := pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: true, Value: []byte{0x30, 0x0c, 0xa0, 0x0a, 0x30, 0x08, 0x87, 0x06, 1, 2, 3, 4, 5, 6}}
	unknown := pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: []byte{0x30, 0}}
	for name, spec := range map[string]pki.Spec{
		"a subtree of six bytes": {Extensions: []pkix.Extension{sixBytes}},
		"an unknown one twice":   {Extensions: []pkix.Extension{unknown, unknown}},
		"a negative serial":      {Serial: big.NewInt(-5)},
	} {
		spec.Subject, spec.Key, spec.Issuer, spec.DNSNames = "/CN=host.example.org", "p256-2", ca, []string{"host.example.org"}
		e := pki.New(spec)
		if e.Parsed != nil {
			t.Fatalf("%s: crypto/x509 reads it", name)
		}
		cert, _, err := Read(e.Cert)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := ca.Parsed.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(cert.Raw, e.Cert) || len(cert.DNSNames) != 1 || cert.KeyUsage == 0 || cert.SerialNumber.Cmp(e.Spec.Serial) != 0 {
			t.Errorf("%s: %d bytes, names %v, key usage %v, serial %v", name, len(cert.Raw), cert.DNSNames, cert.KeyUsage, cert.SerialNumber)
		}
	}
}

// loosened is a certificate whose outer elements have indefinite lengths and whose
// lengths are longer than need be.
func loosened(der []byte) []byte {
	outer, _, _ := ber.First(der)
	return append(append([]byte{0x30, 0x80}, outer.Content...), 0, 0)
}

// TestLoose: a certificate in BER is the one in DER, but for its bytes.
func TestLoose(t *testing.T) {
	ca := pki.New(pki.Spec{Subject: "/CN=CA", Key: "p256-1"})
	cert, rest, err := Read(append(loosened(ca.Cert), 1, 2, 3))
	if err != nil {
		t.Fatal(err)
	}
	if len(rest) != 3 || !bytes.Equal(cert.RawTBSCertificate, ca.Parsed.RawTBSCertificate) || !cert.IsCA || cert.PublicKey == nil {
		t.Errorf("%d bytes follow, %d are signed, a CA: %v, key %T", len(rest), len(cert.RawTBSCertificate), cert.IsCA, cert.PublicKey)
	}
	if _, _, err := Read(loosened(ca.Cert)[:200]); err != ErrRefused {
		t.Errorf("cut off: %v", err)
	}
}

// FuzzRead: whatever the bytes, nothing panics, the signed bytes stand in them, and
// what crypto/x509 reads is read alike.
func FuzzRead(f *testing.F) {
	ca := pki.New(pki.Spec{Subject: "/CN=CA", Key: "p256-1"})
	f.Add(ca.Cert)
	f.Add(loosened(ca.Cert))
	f.Add(pki.New(pki.Spec{Subject: "/CN=a", Key: "ed25519", Issuer: ca, DNSNames: []string{"a"}, Serial: big.NewInt(-5)}).Cert)
	f.Add(pki.New(pki.Spec{Subject: "/CN=a", Key: "ed25519", V1: true}).Cert)
	f.Fuzz(func(t *testing.T, der []byte) {
		cert, rest, err := Read(der)
		if err == nil && (!bytes.Contains(der, cert.RawTBSCertificate) || !bytes.HasSuffix(der, rest) || len(cert.Raw)+len(rest) != len(der)) {
			t.Error("the signed bytes do not stand in the certificate")
		}
		compare(t, der)
	})
}
