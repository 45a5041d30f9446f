package openssl_test

import (
	"encoding/asn1"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/rootfs"
)

// seedStep leaves most certificates of the two files out: each seed is a process.
const seedStep = 6

// FuzzReadAsOpenSSL: whatever the bytes, a certificate is read where `openssl x509`
// reads it, under the same hashes and serial number, and a CRL where `openssl crl` does.
// The seeds are compared by go test, too. Without openssl it is skipped.
func FuzzReadAsOpenSSL(f *testing.F) {
	var o oracle
	for _, path := range []string{"testdata/kinds.pem", "testdata/signers.pem"} {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for i, der := range blocks(data) {
			if i%seedStep == 0 {
				f.Add(der, false)
			}
		}
	}
	for _, s := range []pki.CRLSpec{{}, {V1: true}, {NoNextUpdate: true}, {Revoked: []*big.Int{big.NewInt(5)}}} {
		f.Add(pki.NewCRL(pki.New(pki.Spec{Subject: "/CN=CA", Key: "p256-1"}), s).DER, true)
	}
	f.Fuzz(func(t *testing.T, der []byte, list bool) {
		if o.program == "" {
			o = findOracle(t)
		}
		want, got := o.identity(t, der, list), identity(t, o.profile, der, list)
		if got == "" && !list && hasMore(der) {
			// openssl x509 does not mind what stands behind a certificate. A directory of
			// trust anchors does (PEM_read_bio_X509_AUX), and so does gridsec (TestTrustSettings).
			return
		}
		if want != got {
			t.Errorf("openssl says %q, arclint %q", want, got)
		}
	})
}

// hasMore says whether anything stands behind the first element.
func hasMore(der []byte) bool {
	var first asn1.RawValue
	rest, err := asn1.Unmarshal(der, &first)
	return err == nil && len(rest) > 0
}

func label(list bool) string {
	if list {
		return "X509 CRL"
	}
	return "CERTIFICATE"
}

// identity asks openssl; "" stands for what it does not read.
func (o oracle) identity(t *testing.T, der []byte, list bool) string {
	t.Helper()
	args := []string{"x509", "-noout", "-subject_hash", "-issuer_hash", "-serial"}
	if list {
		args = []string{"crl", "-noout", "-hash"}
	}
	cmd := exec.Command(o.program, args...)
	cmd.Stdin = strings.NewReader(string(pki.PEM(label(list), der)))
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

func identity(t *testing.T, p openssl.Profile, der []byte, list bool) string {
	t.Helper()
	tree := rootfs.NewMem()
	if err := tree.WriteFile("/file.pem", pki.PEM(label(list), der), 0o644); err != nil {
		t.Fatal(err)
	}
	file := gridsec.NewReader(tree).File("/file.pem")
	switch {
	case list && len(file.CRLs) == 1 && p.ReadsList(file.CRLs[0]):
		return fmt.Sprintf("%08x", file.CRLs[0].IssuerHash)
	case !list && len(file.Certificates) == 1 && p.Reads(file.Certificates[0]):
		c := file.Certificates[0]
		serial := fmt.Sprintf("%X", new(big.Int).Abs(c.SerialNumber))
		if len(serial)%2 == 1 {
			serial = "0" + serial
		}
		if c.SerialNumber.Sign() < 0 {
			serial = "-" + serial
		}
		return fmt.Sprintf("%08x %08x serial=%s", c.Hash, c.IssuerHash, serial)
	}
	return ""
}
