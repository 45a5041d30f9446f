package openssl_test

import (
	"cmp"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"arclint/fixtures/golden"
	"arclint/fixtures/mutants"
	"arclint/fixtures/pki"
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/rootfs"
)

var (
	mutantCount = flag.Int("mutants", 400, "how many changed certificates are compared with openssl verify")
	mutant      = flag.Int("mutant", -1, "compare this one of them alone")
)

// fullCount is how many are wanted of a run that writes the table.
const fullCount = 20000

// mutantBatch is how many of them share a trust directory and one call of openssl.
const mutantBatch = 100

// TestMutants changes real and made certificates in one place, installs each as a CA,
// and compares with openssl whether it is read, under which hash, whether it is
// accepted itself, and whether one that it issued is.
func TestMutants(t *testing.T) {
	o := findOracle(t)
	m := &mutation{oracle: o, certificates: startingCertificates(t), counts: map[string]int{}, refusals: map[string]*refusal{}, table: readMutantTable(t)}
	t.Cleanup(func() { m.report(t) })
	if *mutant >= 0 {
		m.compare(t, *mutant, *mutant+1)
		return
	}
	for from := 0; from < *mutantCount; from += mutantBatch {
		to := min(from+mutantBatch, *mutantCount)
		t.Run(fmt.Sprintf("%d to %d", from, to-1), func(t *testing.T) {
			t.Parallel()
			m.compare(t, from, to)
		})
	}
}

// startingCertificates are made ones of all kinds, and those of the system's store and
// of the IGTF distribution as far as they are installed.
func startingCertificates(t *testing.T) (list [][]byte) {
	t.Helper()
	list = append(madeCertificates(t), readCertificates(t, "testdata/kinds.pem")...)
	return append(list, installedCertificates(t)...)
}

func madeCertificates(t *testing.T) (list [][]byte) {
	t.Helper()
	ca := pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=Origin", Key: "p256-1"})
	for _, key := range pki.Keys() {
		list = append(list, pki.New(pki.Spec{Subject: "/C=XX/O=Example/CN=" + key, Printable: true, Key: key, PathLen: pki.Int(3)}).Cert)
	}
	specs := []pki.Spec{
		{IsCA: pki.True, PermittedDNS: []string{"example.org"}, ExcludedDN: []string{"/CN=no"}, CDP: []string{"http://example.org/crl"}},
		{IsCA: pki.True, EKU: []string{"serverAuth", "clientAuth", "1.2.3"}, Emails: []string{"a@example.org"}},
		{DNSNames: []string{"host.example.org"}, EKU: []string{"serverAuth"}, URIs: []string{"https://example.org/a"}},
		{IsCA: pki.True, V1: true},
		{IsCA: pki.True, NoBasicConstraints: true},
		{IsCA: pki.True, NoKeyUsage: true},
		{Proxy: &pki.Proxy{}},
	}
	for i, spec := range specs {
		spec.Key = "p256-2"
		if spec.Issuer = ca; spec.Proxy == nil {
			spec.Subject = fmt.Sprintf("/DC=org/DC=example/CN=Origin %d", i)
		}
		list = append(list, pki.New(spec).Cert)
	}
	for _, e := range oddExtensions() {
		list = append(list, pki.New(pki.Spec{Subject: "/CN=odd", Key: "p256-2", NoSKI: true, NoKeyUsage: true, NoBasicConstraints: true, NoAKI: true, Extensions: oneOf(e)}).Cert)
	}
	return list
}

// TestKinds: certificates of the kinds of keys and signatures that crypto/x509 does not
// know are read, and as strong as OpenSSL takes them to be; each stands in the trust
// directory itself.
func TestKinds(t *testing.T) {
	o := findOracle(t)
	for i, der := range readCertificates(t, "testdata/kinds.pem") {
		l := layout{dir: t.TempDir()}
		if err := os.Mkdir(filepath.Join(l.dir, "ca"), 0o755); err != nil {
			t.Fatal(err)
		}
		l.write(t, "ca/kind.pem", asPEM(der))
		m := &mutation{oracle: o}
		m.rehash(t, l)
		for _, p := range []openssl.Purpose{openssl.Server, openssl.Client} {
			code := m.codes(t, l, p, []string{"ca/kind.pem"})["ca/kind.pem"]
			v := newView(t, l, o.profile)
			got := v.engine.Verify(v.reader.File("/ca/kind.pem").Certificates, p, pki.Now)
			if !fits(code, got.Reason) {
				t.Errorf("certificate %d: OpenSSL says %d, arclint %s\n%s", i, code, got.Reason, story(got))
			}
		}
	}
}

func oneOf[T any](v T) []T { return []T{v} }

func installedCertificates(t *testing.T) (list [][]byte) {
	files := []string{"/etc/ssl/certs/ca-certificates.crt"}
	for _, dir := range []string{"classic", "iota", "mics", "slcs"} {
		found, err := filepath.Glob("/usr/share/igtf-policy/" + dir + "/*.pem")
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, path := range files {
		list = append(list, readCertificates(t, path)...)
	}
	return list
}

// readCertificates gives none where the file is not there: not everything is
// installed everywhere.
func readCertificates(t *testing.T, path string) (list [][]byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return blocks(data)
}

// blocks are the certificates in a text.
func blocks(text []byte) (list [][]byte) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			list = append(list, block.Bytes)
		}
	}
	return list
}

// mutation compares, and counts by what was seen.
type mutation struct {
	oracle
	certificates [][]byte

	table mutantTable
	lists [][]byte // CRLs

	mu       sync.Mutex
	counts   map[string]int
	refusals map[string]*refusal // of crypto/x509, of what OpenSSL reads
}

// badSignature is X509_V_ERR_CERT_SIGNATURE_FAILURE.
const badSignature = 7

// notChecked is what is counted where arclint says that it cannot check a signature.
const notChecked = "arclint cannot check the signature, and says so"

// unread stands for a certificate that OpenSSL does not read.
const unread = -2

func (m *mutation) compare(t *testing.T, from, to int) {
	l := layout{dir: t.TempDir()}
	ca := mutants.NewAuthority(fmt.Sprint("Authority ", from/mutantBatch))
	if err := os.Mkdir(filepath.Join(l.dir, "ca"), 0o755); err != nil {
		t.Fatal(err)
	}
	l.write(t, "ca/authority.pem", ca.PEM())
	var drawn []mutants.Mutant
	var files []string
	for n := from; n < to; n++ {
		d := mutants.Draw(m.certificates, *seed, uint64(n), ca)
		drawn = append(drawn, d)
		l.write(t, fmt.Sprintf("ca/mutant-%d.pem", n), asPEM(d.Cert))
		l.write(t, fmt.Sprintf("child-%d.pem", n), asPEM(d.Child))
		files = append(files, fmt.Sprintf("ca/mutant-%d.pem", n), fmt.Sprintf("child-%d.pem", n))
	}
	m.rehash(t, l)
	purpose := openssl.Purpose(from / mutantBatch % 2)
	codes := m.codes(t, l, purpose, files)
	view := newView(t, l, m.profile)
	for i, d := range drawn {
		m.count("mutants")
		m.judge(t, from+i, d, view, purpose, codes)
	}
}

// rehash lets openssl give the files their hash names.
func (m *mutation) rehash(t *testing.T, l layout) {
	t.Helper()
	rehash := exec.Command(m.program, "rehash", "ca")
	rehash.Dir = l.dir
	if out, err := rehash.CombinedOutput(); err != nil && len(out) == 0 {
		t.Fatal(err) // it fails with a message where it could not read one of them
	}
}

func asPEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// codes asks openssl verify about the files.
func (m *mutation) codes(t *testing.T, l layout, p openssl.Purpose, files []string, flags ...string) map[string]int {
	args := append([]string{"verify", "-CApath", "ca", "-no-CAfile", "-no-CAstore", "-auth_level", fmt.Sprint(m.profile.Level),
		"-purpose", p.String(), "-allow_proxy_certs", "-attime", fmt.Sprint(pki.Now.Unix())}, append(flags, files...)...)
	cmd := exec.Command(m.program, args...)
	cmd.Dir = l.dir
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run() // it fails where one of them is refused
	codes := map[string]int{}
	for _, f := range files {
		codes[f] = unread
	}
	first := internalError
	for line := range strings.Lines(stderr.String()) {
		line = strings.TrimSpace(line)
		if found := errorLine.FindStringSubmatch(line); found != nil && first == internalError {
			first = atoi(found[1])
		} else if found := failedFile.FindStringSubmatch(line); found != nil {
			codes[found[1]], first = first, internalError
		}
	}
	for line := range strings.Lines(stdout.String()) {
		if name, ok := strings.CutSuffix(strings.TrimSpace(line), ": OK"); ok {
			codes[name] = 0
		}
	}
	return codes
}

var failedFile = regexp.MustCompile(`^error (\S+): verification failed$`)

// view is the same directory as arclint sees it.
type view struct {
	reader *gridsec.Reader
	engine *openssl.Engine
	dir    *gridsec.Dir
}

func newView(t *testing.T, l layout, p openssl.Profile) view {
	t.Helper()
	tree, err := rootfs.Dir(l.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	reader := gridsec.NewReader(tree)
	dir := reader.Dir("/ca")
	return view{reader, &openssl.Engine{Store: openssl.NewStore([]*gridsec.Dir{dir}, nil), Profile: p}, dir}
}

// judge compares what became of one mutant.
func (m *mutation) judge(t *testing.T, n int, d mutants.Mutant, v view, p openssl.Purpose, codes map[string]int) {
	if _, err := x509.ParseCertificate(d.Cert); err != nil {
		m.refused(err, codes[fmt.Sprintf("ca/mutant-%d.pem", n)], codes[fmt.Sprintf("child-%d.pem", n)])
	}
	for _, name := range []string{fmt.Sprintf("ca/mutant-%d.pem", n), fmt.Sprintf("child-%d.pem", n)} {
		role := strings.SplitN(filepath.Base(name), "-", 2)[0]
		code, said := codes[name], "unread"
		f := v.reader.File("/" + name)
		var got openssl.Verdict
		if len(f.Certificates) == 1 {
			got = v.engine.Verify(f.Certificates, p, pki.Now)
			said = string(got.Reason)
		}
		if code == unread && got.Reason == openssl.Unreadable {
			said = "unread" // a certificate that another version reads
		}
		if got.Reason == openssl.Unchecked && (code == 0 || code == badSignature) {
			m.count(role + ": " + notChecked)
			continue
		}
		agree := code == unread && said == "unread" || code != unread && said != "unread" && fits(code, got.Reason)
		m.count(fmt.Sprintf("%s: OpenSSL %s", role, class(code)))
		if !agree {
			m.disagree(t, n, d, fmt.Sprintf("%s: OpenSSL says %d, arclint %s", role, code, said), story(got))
		}
	}
	for _, e := range v.dir.Entries {
		h, suffix, _, ok := gridsec.ParseChainName(e.Name)
		if ok && suffix == "" && e.File != nil && filepath.Base(e.File.Path) == fmt.Sprintf("mutant-%d.pem", n) && len(e.File.Certificates) == 1 && e.File.Certificates[0].Hash != h {
			m.disagree(t, n, d, "the hash is another", e.Name)
		}
	}
}

func class(code int) string {
	switch code {
	case unread:
		return "does not read it"
	case 0:
		return "accepts it"
	}
	return fmt.Sprintf("refuses it, error %d", code)
}

func (m *mutation) count(what string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[what]++
}

// disagree fails the test, unless the table gives a reason.
func (m *mutation) disagree(t *testing.T, n int, d mutants.Mutant, how, story string) {
	if m.table.explains(m.version, d.What, how) {
		m.count("differences that " + mutantTablePath + " explains")
		return
	}
	m.count("differences")
	t.Errorf("mutant %d (of certificate %d, %s): %s\n%s", n, d.Origin, d.What, how, story)
}

func (m *mutation) report(t *testing.T) {
	for _, what := range slices.Sorted(maps.Keys(m.counts)) {
		t.Logf("%6d %s", m.counts[what], what)
	}
	for _, r := range slices.SortedFunc(maps.Values(m.refusals), func(a, b *refusal) int { return cmp.Compare(a.why, b.why) }) {
		t.Logf("%6d read by OpenSSL, %d accepted as a CA, refused by crypto/x509: %s", r.read, r.accepted, r.why)
	}
	t.Logf("OpenSSL %s, %d certificates, seed %d", m.version, len(m.certificates), *seed)
	if golden.Update() && *mutantCount >= fullCount {
		m.write(t)
	}
}
