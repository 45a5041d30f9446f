package x509name

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// caDirs are where Debian's igtf-policy-* and ca-certificates packages put CAs.
const caDirs = "/usr/share/igtf-policy:/usr/share/ca-certificates"

// TestMadeNamesAsOpenSSL compares the made names with the openssl of this machine.
func TestMadeNamesAsOpenSSL(t *testing.T) {
	openssl := newOpenSSL(t)
	for _, tc := range cases(t) {
		t.Run(tc.label, func(t *testing.T) {
			if diff := cmp.Diff(openssl.ask(t, tc.der), ours(tc.der)); diff != "" {
				t.Errorf("differs from openssl (-openssl +ours):\n%s", diff)
			}
		})
	}
}

// TestRealCAs compares every CA that is installed, once each. The directories
// may be given in ARCLINT_CA_DIRS, separated by colons.
func TestRealCAs(t *testing.T) {
	openssl := newOpenSSL(t)
	dirs := os.Getenv("ARCLINT_CA_DIRS")
	if dirs == "" {
		dirs = caDirs
	}
	names := map[string]string{}
	for _, dir := range filepath.SplitList(dirs) {
		collectSubjects(t, dir, names)
	}
	if len(names) == 0 {
		t.Skipf("no certificate is in %s: install igtf-policy-* and ca-certificates", dirs)
	}
	t.Logf("%d different subjects", len(names))
	for der, file := range names {
		if diff := cmp.Diff(openssl.ask(t, []byte(der)), ours([]byte(der))); diff != "" {
			t.Errorf("%s: differs from openssl (-openssl +ours):\n%s", file, diff)
		}
	}
}

// TestShortNames compares the table with OpenSSL's, for the arcs that the
// table covers.
func TestShortNames(t *testing.T) {
	out, err := exec.Command(newOpenSSL(t).path, "list", "-objects").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), " = ")
		oid := rest[strings.LastIndex(rest, " ")+1:]
		if ok && covered.MatchString(oid) {
			want[oid] = name
		}
	}
	delete(want, "1.2.840.113549.1.9.52") // of CMS only; OpenSSL 3.0 has no name for it
	if diff := cmp.Diff(want, shortNames()); diff != "" {
		t.Errorf("shortnames.tsv differs from openssl list -objects (-openssl +ours):\n%s", diff)
	}
}

// covered are the arcs of attribute types: X.520, RFC 4524, PKCS #9, the
// jurisdictions of EV certificates, the Russian identifiers and RFC 3739.
var covered = regexp.MustCompile(`^(2\.5\.4|0\.9\.2342\.19200300\.100\.1|1\.2\.840\.113549\.1\.9|` +
	`1\.3\.6\.1\.4\.1\.311\.60\.2\.1|1\.2\.643\.100|1\.2\.643\.3\.131\.1|1\.3\.6\.1\.5\.5\.7\.9)\.[0-9]+$`)

// collectSubjects adds the subjects below dir, with the file of each.
func collectSubjects(t *testing.T, dir string, names map[string]string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || d.IsDir() || (ext != ".pem" && ext != ".crt" && ext != ".0") {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			if block.Type == "CERTIFICATE" {
				names[string(subjectOf(t, path, block.Bytes))] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// subjectOf reads the subject only: crypto/x509 refuses certificates for
// reasons that have nothing to do with names.
func subjectOf(t *testing.T, path string, der []byte) []byte {
	var cert struct {
		TBS struct {
			Version   int `asn1:"optional,explicit,default:0,tag:0"`
			Serial    asn1.RawValue
			Algorithm asn1.RawValue
			Issuer    asn1.RawValue
			Validity  asn1.RawValue
			Subject   asn1.RawValue
		}
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &cert); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return cert.TBS.Subject.FullBytes
}

// openSSL asks the openssl command; the certificates around the names are
// signed with a throw-away key.
type openSSL struct {
	path string
	key  *ecdsa.PrivateKey
}

func newOpenSSL(t *testing.T) openSSL {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed: install openssl")
	}
	version, err := exec.Command(path, "version").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(version), "OpenSSL 3.") {
		t.Skipf("openssl is %q, which arclint is not compared with: install OpenSSL 3", bytes.TrimSpace(version))
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return openSSL{path: path, key: key}
}

// ask puts the name into a certificate and has openssl print it. The issuer
// is another name, so that only the subject is judged.
func (s openSSL) ask(t *testing.T, name []byte) answer {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), RawSubject: name, NotAfter: time.Unix(1<<32, 0)}
	parent := &x509.Certificate{RawSubject: []byte{0x30, 0}}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, s.key.Public(), s.key)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(s.path, "x509", "-inform", "DER", "-noout",
		"-subject_hash", "-subject_hash_old", "-nameopt", "compat", "-subject")
	cmd.Stdin = bytes.NewReader(der)
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() > 0 {
		return answer{Unreadable: true}
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitN(strings.TrimSuffix(string(out), "\n"), "\n", 3)
	if len(lines) != 3 {
		t.Fatalf("openssl printed %q, want three lines", out)
	}
	return answer{Hash: lines[0], OldHash: lines[1], OneLine: strings.TrimPrefix(lines[2], "subject=")}
}
