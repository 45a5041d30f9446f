package gridsec

import (
	"bytes"
	"crypto/x509"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/rootfs"
	"arclint/internal/source"
)

var (
	testCA   = pki.New(pki.Spec{Subject: caDN})
	otherCA  = pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=Other CA", Key: "rsa3"})
	testUser = pki.New(pki.Spec{Subject: userDN, Issuer: testCA})
	testCRL  = pki.NewCRL(testCA, pki.CRLSpec{Revoked: []*big.Int{big.NewInt(5)}})
)

// readBytes reads one file of the name.
func readBytes(t testing.TB, name string, data []byte) *File {
	t.Helper()
	m := rootfs.NewMem()
	if err := m.WriteFile("/"+name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return NewReader(m).File("/" + name)
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// form is a way in which a file may hold the certificate of testCA.
type form struct {
	name  string
	data  []byte
	loads bool // OpenSSL finds it as HASH.0
	certs int  // that arclint shows
}

func forms(t testing.TB) []form {
	t.Helper()
	ca, other := testCA.PEM(), otherCA.PEM()
	trusted, err := testCA.TrustedPEM([]string{"1.3.6.1.5.5.7.3.2"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := string(ca)
	lines := strings.SplitAfter(text, "\n")
	broken := []byte(strings.Replace(string(other), "MII", "M!I", 1))
	oneLine := strings.ReplaceAll(strings.TrimSuffix(strings.Join(lines[1:len(lines)-2], ""), "\n"), "\n", "")
	replace := func(old, new string) []byte { return []byte(strings.ReplaceAll(text, old, new)) }
	return []form{
		{"plain", ca, true, 1},
		{"CRLF", pki.CRLF(ca), true, 1},
		{"BOM", pki.BOM(ca), true, 1},
		{"text before", pki.After("Certificate: of a CA", ca), true, 1},
		{"no newline at the end", bytes.TrimRight(ca, "\n"), true, 1},
		{"X509 CERTIFICATE", replace("CERTIFICATE", "X509 CERTIFICATE"), true, 1},
		{"TRUSTED CERTIFICATE", trusted, true, 1},
		{"plain label with trust settings", []byte(strings.ReplaceAll(string(trusted), "TRUSTED ", "")), true, 1},
		{"second of two", join(other, ca), true, 2},
		{"first of two", join(ca, other), true, 2},
		{"DER", testCA.Cert, false, 1},
		{"indented", pki.Indented(ca), false, 0},
		{"indented base64 only", replace("\nM", "\n M"), true, 1},
		{"blanks at the ends of lines", replace("\n", " \t\n"), true, 1},
		{"text on the BEGIN line", replace("CERTIFICATE-----\nM", "CERTIFICATE----- x\nM"), false, 0},
		{"text before BEGIN on its line", pki.After("", join([]byte("x"), ca)), false, 0},
		{"empty line after BEGIN", replace("BEGIN CERTIFICATE-----\n", "BEGIN CERTIFICATE-----\n\n"), true, 1},
		{"empty line inside", []byte(strings.Join(slices.Insert(slices.Clone(lines), 5, "\n"), "")), false, 0},
		{"header", replace("BEGIN CERTIFICATE-----\n", "BEGIN CERTIFICATE-----\nX: y\n\n"), false, 0},
		{"one long line", []byte(lines[0] + oneLine + "\n" + lines[len(lines)-2]), true, 1},
		{"no END line", []byte(strings.Join(lines[:len(lines)-2], "")), false, 0},
		{"END of another label", replace("END CERTIFICATE", "END X509 CERTIFICATE"), false, 0},
		{"not base64", replace("\nM", "\n*M"), false, 0},
		{"after a broken block", join(broken, ca), false, 1},
		{"before a broken block", join(ca, broken), true, 1},
		{"after a block of another kind", join([]byte("-----BEGIN SOMETHING-----\nQUJD\n-----END SOMETHING-----\n"), ca), true, 1},
		{"after a CRL", join(testCRL.PEM(), ca), true, 1},
		{"after a private key", join(testCA.KeyPEM(), ca), true, 1},
		{"empty", nil, false, 0},
		{"junk", []byte("not a certificate\n"), false, 0},
		{"not a certificate inside", pki.PEM("CERTIFICATE", []byte("\x30\x03\x02\x01\x05")), false, 0},
		{"no ASN.1 inside", pki.PEM("CERTIFICATE", []byte("hello")), false, 0},
		{"bytes after the certificate", pki.PEM("CERTIFICATE", join(testCA.Cert, []byte("\x05\x00"))), false, 0},
	}
}

// loaded says whether OpenSSL's loader gets to a certificate of testCA, as
// verify works it out: not from DER and not after a problem that stops it.
func loaded(f *File) bool {
	if f.DER {
		return false
	}
	for _, c := range f.Certificates {
		if bytes.Equal(c.Raw, testCA.Cert) && !slices.ContainsFunc(f.Problems, func(p Problem) bool {
			return (p.Effect == Stops || p.Effect == StopsCertificates) && p.Span.Start < c.Span.Start
		}) {
			return true
		}
	}
	return false
}

func TestForms(t *testing.T) {
	for _, form := range forms(t) {
		t.Run(form.name, func(t *testing.T) {
			f := readBytes(t, "1234abcd.0", form.data)
			if got := loaded(f); got != form.loads {
				t.Errorf("loaded = %v, want %v; problems %v", got, form.loads, f.Problems)
			}
			if len(f.Certificates) != form.certs {
				t.Errorf("%d certificates, want %d", len(f.Certificates), form.certs)
			}
			if (f.Err == ErrNoObject) != (len(f.Certificates)+len(f.CRLs) == 0) {
				t.Errorf("Err = %v", f.Err)
			}
			for _, c := range f.Certificates {
				if text := c.Span.Text(); !c.Span.IsZero() && (!strings.HasPrefix(text, "-----BEGIN ") || !strings.HasSuffix(text, "-----")) {
					t.Errorf("span = %q", text)
				}
			}
		})
	}
}

// TestFormsLikeOpenSSL asks the installed OpenSSL about the same files: it finds
// the CA of a certificate in a hash directory or it does not.
func TestFormsLikeOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: install openssl")
	}
	for _, form := range forms(t) {
		t.Run(form.name, func(t *testing.T) {
			dir := t.TempDir()
			user := filepath.Join(dir, "user.pem")
			for name, data := range map[string][]byte{testCA.Hash() + ".0": form.data, "user.pem": testUser.PEM()} {
				if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			out, err := exec.Command(openssl, "verify", "-no_check_time", "-purpose", "sslclient", "-no-CAfile", "-no-CAstore", "-CApath", dir, user).CombinedOutput()
			if got := err == nil; got != form.loads {
				t.Errorf("OpenSSL loads it: %v, want %v\n%s", got, form.loads, out)
			}
		})
	}
}

func TestTrustSettings(t *testing.T) {
	data, err := testCA.TrustedPEM([]string{"1.3.6.1.5.5.7.3.2"}, []string{"1.3.6.1.5.5.7.3.1"})
	if err != nil {
		t.Fatal(err)
	}
	f := readBytes(t, "ca.pem", data)
	if len(f.Certificates) != 1 || f.Certificates[0].Trusted == nil {
		t.Fatalf("%+v", f)
	}
	got := f.Certificates[0].Trusted
	if !slices.Equal(got.Trust, []string{"1.3.6.1.5.5.7.3.2"}) || !slices.Equal(got.Reject, []string{"1.3.6.1.5.5.7.3.1"}) {
		t.Errorf("%+v", got)
	}
	if plain := readBytes(t, "ca.pem", testCA.PEM()); plain.Certificates[0].Trusted != nil {
		t.Errorf("a plain certificate has %+v", plain.Certificates[0].Trusted)
	}
}

// TestKeysAreDropped: no byte of a private key stays in what is kept.
func TestKeysAreDropped(t *testing.T) {
	key := testCA.KeyPEM()
	body := strings.Split(string(key), "\n")[2] // a line of its base64
	if len(body) < 60 {
		t.Fatalf("no base64 in %q", key)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(testCA.Key)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		data []byte
		key  bool
	}{
		{"x.pem", join(testCA.PEM(), key), true},
		{"x.pem", join(key, testCA.PEM()), true},
		{"x.pem", bytes.TrimSuffix(key, []byte("-----END PRIVATE KEY-----\n")), true},
		{"x.pem", pki.Indented(key), true},
		{"x.pem", pki.CRLF(key), true},
		{"x.pem", join([]byte("text "), key), true},
		{"x.pem", bytes.Replace(key, []byte("BEGIN"), []byte("BEDIN"), 1), true},
		{"x.pem", testCA.TraditionalKeyPEM(), true},
		{"x.info", key, true},
		{"x.signing_policy", key, true},
		{"README", key, true},
		{"key.der", pkcs8, false},
		{"x.lsc", key, true},
	}
	for _, test := range tests {
		f := readBytes(t, test.name, test.data)
		for _, secret := range []string{body, strings.Split(string(testCA.TraditionalKeyPEM()), "\n")[2], string(pkcs8[40:60])} {
			if strings.Contains(string(f.Source.Data), secret) {
				t.Errorf("%s: the key is still there:\n%s", test.name, f.Source.Data)
			}
		}
		if f.HasPrivateKey != test.key {
			t.Errorf("%s: HasPrivateKey = %v", test.name, f.HasPrivateKey)
		}
		if test.key && f.Source.Lines() != source.New("", test.data).Lines() {
			t.Errorf("%s: the lines have moved", test.name)
		}
	}
}

func TestCRLForms(t *testing.T) {
	for name, data := range map[string][]byte{"pem": testCRL.PEM(), "crlf": pki.CRLF(testCRL.PEM()), "der": testCRL.DER} {
		f := readBytes(t, "1234abcd.r0", data)
		if len(f.CRLs) != 1 || f.Err != nil || f.DER != (name == "der") {
			t.Fatalf("%s: %+v", name, f)
		}
		crl := f.CRLs[0]
		if crl.IssuerName != caDN || crl.File != f || len(crl.RevokedCertificateEntries) != 1 {
			t.Errorf("%s: %+v", name, crl)
		}
	}
	if f := readBytes(t, "1234abcd.r0", testCA.PEM()[:100]); f.Err != ErrNoObject {
		t.Errorf("Err = %v", f.Err)
	}
}

// FuzzFile reads the bytes as a file of each kind.
func FuzzFile(f *testing.F) {
	for _, form := range forms(f) {
		f.Add(form.data)
	}
	f.Add(testCRL.PEM())
	f.Add([]byte("TO Issuer \"/x\" PERMIT Subject \"y\"\nalias = x\\\n y\nurl = z # w\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"1234abcd.0", "1234abcd.r0", "x.info", "x.namespaces", "x.crl_url", "x.signing_policy", "x"} {
			checkSpans(t, readBytes(t, name, data))
		}
	})
}

func checkSpans(t *testing.T, f *File) {
	t.Helper()
	if bytes.Contains(data(f), []byte("PRIVATE KEY-----\nMI")) {
		t.Errorf("a key is left in %q", f.Source.Data)
	}
	for _, c := range f.Certificates {
		if text := c.Span.Text(); !c.Span.IsZero() && !strings.HasPrefix(text, beginMark) {
			t.Errorf("certificate at %q", text)
		}
	}
	for _, p := range f.Problems {
		if p.Message == "" || p.Span.End < p.Span.Start || p.Span.Text() == "" && p.Span.Start != p.Span.End {
			t.Errorf("problem %+v", p)
		}
	}
	var lines []Line
	if f.Namespaces != nil {
		for _, r := range f.Namespaces.Rules {
			lines = append(lines, r.Issuer, r.Subject)
			_ = r.Span.Text()
		}
	}
	for _, l := range lines {
		if l.Text != l.Span.Text() {
			t.Errorf("text %q, span %q", l.Text, l.Span.Text())
		}
	}
	for _, url := range f.CRLURLs {
		if text := url.Text(); text == "" || strings.TrimSpace(text) != text && !strings.ContainsAny(text, "\v\f\u0085\u00a0") {
			t.Errorf("URL %q", text)
		}
	}
}

func data(f *File) []byte {
	if f.Source == nil {
		return nil
	}
	return f.Source.Data
}
