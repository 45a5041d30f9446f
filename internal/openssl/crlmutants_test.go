package openssl_test

import (
	"crypto/x509/pkix"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/golden"
	"arclint/fixtures/mutants"
	"arclint/fixtures/pki"
	"arclint/internal/openssl"
)

var listCount = flag.Int("crl-mutants", 200, "how many CRLs that are nearly right TestMutantLists compares")

// TestMutantLists compares the Engine with openssl verify -crl_check on CRLs that are
// nearly right.
func TestMutantLists(t *testing.T) {
	o := findOracle(t)
	m := &mutation{oracle: o, counts: map[string]int{}, refusals: map[string]*refusal{}, table: readMutantTable(t), lists: startingLists(t)}
	t.Cleanup(func() {
		m.report(t)
		if golden.Update() && *listCount >= fullListCount {
			m.writeLists(t)
		}
	})
	if *mutant >= 0 {
		m.compareLists(t, *mutant, *mutant+1)
		return
	}
	for from := 0; from < *listCount; from += mutantBatch {
		to := min(from+mutantBatch, *listCount)
		t.Run(fmt.Sprintf("%d to %d", from, to-1), func(t *testing.T) {
			t.Parallel()
			m.compareLists(t, from, to)
		})
	}
}

// fullListCount is how many are wanted of a run that writes the table.
const fullListCount = 6000

const listTablePath = "testdata/crlmutants.md"

// writeLists writes the row of this OpenSSL and keeps those of others.
func (m *mutation) writeLists(t *testing.T) {
	rows := []string{fmt.Sprintf("| %s | %d | %d | %d | %d | %d |", m.version, m.counts["mutants"], m.counts["CRL: OpenSSL accepts it"], m.counts["CRL: OpenSSL refuses it, error 23"],
		m.counts["CRL: OpenSSL refuses it, error 3"], m.counts["differences that "+mutantTablePath+" explains"])}
	text, err := os.ReadFile(listTablePath)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); headRow.MatchString(line) && !strings.HasPrefix(line, "| "+m.version+" |") {
			rows = append(rows, line)
		}
	}
	slices.Sort(rows)
	golden.Write(t, listTablePath, []byte("# CRLs that are nearly right\n\n`make mutants` changes CRLs in one place, signs them again, and asks `openssl verify -crl_check` and arclint about a\n"+
		"certificate of the CA: whether the CRL is found, counts and revokes it, and the first fault. `UPDATE=1` and `OPENSSL=program`\n"+
		"write the row of a release. What is left is explained in `mutants.md`.\n\n"+
		"| OpenSSL | mutants | accepted | revoked | no CRL that counts | differences left |\n|---|---|---|---|---|---|\n"+strings.Join(rows, "\n")+"\n"))
}

// startingLists are CRLs with entries for the certificate and for others, each with one
// of the extensions of TestOdd.
func startingLists(t *testing.T) (list [][]byte) {
	t.Helper()
	ca := pki.New(pki.Spec{Subject: "/CN=Origin", Key: "p256-1"})
	add := func(s pki.CRLSpec) {
		for _, serials := range [][]*big.Int{{big.NewInt(7)}, {big.NewInt(7), big.NewInt(1)}, nil} {
			s.Revoked, s.NoAKI = serials, true
			list = append(list, pki.NewCRL(ca, s).DER)
		}
	}
	for range 5 {
		add(pki.CRLSpec{})
		add(pki.CRLSpec{V1: true})
		add(pki.CRLSpec{NoNextUpdate: true})
	}
	for _, e := range []pkix.Extension{extension("2.5.29.21", false, "0a0101"), extension("2.5.29.21", false, "0a0108"), extension("2.5.29.24", false, "180f32303230303130313030303030305a"), extension("2.5.29.29", true, "3003820161")} {
		add(pki.CRLSpec{EntryExtensions: []pkix.Extension{e}})
	}
	for _, e := range []pkix.Extension{extension("2.5.29.28", true, "30038101ff"), extension("2.5.29.28", true, "30038201ff"), extension("2.5.29.27", true, "020101"), extension("2.5.29.35", false, "3006800401020304"), extension("1.2.3", true, "0500")} {
		add(pki.CRLSpec{Extensions: []pkix.Extension{e}})
	}
	return list
}

func (m *mutation) compareLists(t *testing.T, from, to int) {
	l := layout{dir: t.TempDir()}
	if err := os.Mkdir(filepath.Join(l.dir, "ca"), 0o755); err != nil {
		t.Fatal(err)
	}
	var drawn []mutants.List
	var files []string
	for n := from; n < to; n++ {
		d := mutants.DrawList(m.lists, *seed, uint64(n))
		drawn = append(drawn, d)
		l.write(t, fmt.Sprintf("ca/authority-%d.pem", n), asPEM(d.CA))
		l.write(t, fmt.Sprintf("ca/list-%d.pem", n), pki.PEM("X509 CRL", d.CRL))
		l.write(t, fmt.Sprintf("leaf-%d.pem", n), asPEM(d.Leaf))
		files = append(files, fmt.Sprintf("leaf-%d.pem", n))
	}
	m.rehash(t, l)
	codes := m.codes(t, l, openssl.Server, files, "-crl_check")
	v := newView(t, l, m.profile)
	v.engine.NeedsCRL = true
	for i, d := range drawn {
		m.count("mutants")
		name := files[i]
		code := codes[name]
		got := v.engine.Verify(v.reader.File("/"+name).Certificates, openssl.Server, pki.Now)
		m.count(fmt.Sprintf("CRL: OpenSSL %s", class(code)))
		if agree := code == noCRL && got.Reason == openssl.NoCRL || fits(code, got.Reason) || slices.Contains([]int{15, 16}, code) && got.Reason == openssl.Unreadable; !agree {
			m.disagree(t, from+i, mutants.Mutant{What: d.What, Origin: d.Origin}, fmt.Sprintf("CRL: OpenSSL says %d, arclint %s", code, got.Reason), story(got))
		}
	}
}
