package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// maker writes CA files; a name stands for a key and a subject, so the same
// name gives the same authority with another certificate.
type maker struct {
	t      *testing.T
	keys   map[string]*ecdsa.PrivateKey
	serial int64
}

func (m *maker) pem(name string) []byte {
	m.t.Helper()
	if m.keys[name] == nil {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			m.t.Fatal(err)
		}
		m.keys[name] = key
	}
	m.serial++
	template := &x509.Certificate{
		SerialNumber: big.NewInt(m.serial), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, m.keys[name].Public(), m.keys[name])
	if err != nil {
		m.t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// dir writes the files of one release; a hash link leads to the first.
func (m *maker) dir(files map[string][]byte) string {
	m.t.Helper()
	dir := m.t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			m.t.Fatal(err)
		}
		if err := os.Symlink(name, filepath.Join(dir, "link-to-"+name)); err != nil {
			m.t.Fatal(err)
		}
	}
	return dir
}

func TestLastSeen(t *testing.T) {
	m := &maker{t: t, keys: map[string]*ecdsa.PrivateKey{}}
	stays, gone, before, after := m.pem("Stays"), m.pem("Gone"), m.pem("Renewed"), m.pem("Renewed")
	grid, err := lastSeen(releases{
		{"1", "2025-01-01", m.dir(map[string][]byte{"Stays.pem": stays, "Gone.pem": gone, "Renewed.pem": before, "README": nil})},
		{"2", "2026-01-01", m.dir(map[string][]byte{"Stays.pem": stays, "Renewed.pem": after})},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, row := range gridTable(grid)[1:] {
		got[row[0]+" last "+row[6]+" renewed "+row[7]]++
	}
	want := map[string]int{"Stays last 2 renewed no": 1, "Gone last 1 renewed no": 1, "Renewed last 1 renewed yes": 1, "Renewed last 2 renewed no": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("trust anchors (-want +got):\n%s", diff)
	}
}

func TestPublicTable(t *testing.T) {
	m := &maker{t: t, keys: map[string]*ecdsa.PrivateKey{}}
	public, err := lastSeen(releases{
		{"20250101", "2025-01-01", m.dir(map[string][]byte{"A.crt": m.pem("A"), "B.crt": m.pem("B")})},
		{"20260101", "2026-01-01", m.dir(map[string][]byte{"A.crt": m.pem("A")})},
	})
	if err != nil {
		t.Fatal(err)
	}
	grid, err := lastSeen(releases{{"1", "2025-01-01", m.dir(map[string][]byte{"a.pem": m.pem("A")})}, {"2", "2026-01-01", m.dir(map[string][]byte{"b.pem": m.pem("B")})}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range publicTable(public, grid, "2")[1:] {
		got = append(got, row[0]+" igtf "+row[3]+" last "+row[4])
	}
	want := []string{"/CN=A igtf no last 20260101", "/CN=B igtf yes last 20250101"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("public roots, once for each key (-want +got):\n%s", diff)
	}
}

func TestReadDirErrors(t *testing.T) {
	m := &maker{t: t, keys: map[string]*ecdsa.PrivateKey{}}
	one := m.pem("A")
	for name, files := range map[string]map[string][]byte{
		"no certificate":   {"A.pem": []byte("text")},
		"two certificates": {"A.pem": append(append([]byte{}, one...), one...)},
		"broken":           {"A.pem": []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")},
		"empty release":    {"README": nil},
	} {
		if _, err := lastSeen(releases{{"1", "2025-01-01", m.dir(files)}}); err == nil {
			t.Errorf("%s: no error, want one", name)
		}
	}
}

func TestIssuersTable(t *testing.T) {
	in := strings.Join([]string{
		"issuer\tvo\tsoftware\tjwks_uri\ttls_ca_root\tigtf\tsource\tsource_date\tstatus\tnotes",
		"https://new.example.org/\tx\tIAM\tunknown (IAM convention: <issuer>jwk)\tExample CA (reported)\tno\tpublic code search(list), 12345678901 (VOMS DN)\t2026-01-01\tproduction (test bed)\tkeys: 2x ES256 only (ARC 6.17 has no EC JWK support)",
		"https://old.example.org/a\tx\tIAM\thttps://old.example.org/a/jwk\tunknown (VOMS host: Example CA)\tunknown\tpage\tundated\tretired from topology\treplaced by /b; date not found",
		"https://older.example.org/\tx\tIAM\thttps://older.example.org/jwk (2017 copy; current metadata not seen)\tExample CA in 2020; current unknown\tunknown\tpage\tundated\tlegacy: named by one\treplaced by new.example.org; keys: 1x RS256",
		"https://demo.example.org\tx\tIAM\tunknown\tunknown\tunknown\tpage\tundated\texample/legacy\tanyone can get a token; issuer string inferred from the host name",
		"(Somebody)\tx\tunknown\tunknown\tunknown\tunknown\tpage\tundated\tnot found\t",
	}, "\n") + "\n"
	path := filepath.Join(t.TempDir(), "issuers.tsv")
	if err := os.WriteFile(path, []byte(in), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := issuersTable(path)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"https://new.example.org/", "x", "IAM", "unknown", "Example CA (reported)", "no", "production", "2x ES256", "", "no", "no", "public code search (list; VOMS DN)", "2026-01-01", "test bed"},
		{"https://old.example.org/a", "x", "IAM", "https://old.example.org/a/jwk", "unknown", "unknown", "retired", "", "https://old.example.org/b", "no", "no", "page", "undated", "retired from topology; TLS CA: VOMS host: Example CA; replaced by /b; date not found"},
		{"https://older.example.org/", "x", "IAM", "unknown", "unknown", "unknown", "legacy", "1x RS256", "https://new.example.org/", "no", "no", "page", "undated", "named by one; TLS CA: Example CA in 2020; current unknown; replaced by new.example.org; jwks_uri: https://older.example.org/jwk (2017 copy; current metadata not seen)"},
		{"https://demo.example.org", "x", "IAM", "unknown", "unknown", "unknown", "legacy", "", "", "yes", "yes", "page", "undated", "example in documentation; anyone can get a token; issuer string inferred from the host name"},
	}
	if diff := cmp.Diff(want, got[1:]); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestWriteRefusesSeparators(t *testing.T) {
	if err := write(filepath.Join(t.TempDir(), "x.tsv"), [][]string{{"a\tb"}}); err == nil {
		t.Error("no error, want one: the cell would be two")
	}
}

func TestReleasesFlag(t *testing.T) {
	var r releases
	if err := r.Set("1.146,2026-09-07,/some/dir,with,commas"); err != nil || r[0] != (release{"1.146", "2026-09-07", "/some/dir,with,commas"}) {
		t.Errorf("%+v, %v", r, err)
	}
	if err := r.Set("1.146"); err == nil {
		t.Error("no error, want one")
	}
}

func TestVOMSTable(t *testing.T) {
	key := [2]string{"vo.example.org", "voms.example.org"}
	version := func(ca, since string) lsc {
		v := lsc{vo: key[0], host: key[1], server: "/CN=voms.example.org", ca: ca, since: since, source: "s"}
		if ca == "" {
			v.server = ""
		}
		return v
	}
	// Of two sources; the file was away for a year, and came back as it was before.
	files := map[[2]string][]lsc{key: {
		version("/CN=CA 3", "2024-01-01"), version("/CN=CA 2", "2022-01-01"), version("/CN=CA 1", "2015-01-01"),
		version("/CN=CA 2", "2023-06-01"), version("", "2023-01-01"), version("/CN=CA 0", "2014-01-01"),
	}}
	var got []string
	for _, row := range vomsRows(files)[1:] {
		got = append(got, strings.Join(row[3:6], " "))
	}
	want := []string{"/CN=CA 3 2024-01-01 ", "/CN=CA 2 2023-06-01 2024-01-01", "/CN=CA 1 2015-01-01 2022-01-01"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
