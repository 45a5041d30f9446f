package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math"
	"math/big"
	"runtime"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/fixtures/pki"
	"arclint/internal/report"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/x509name"
	"arclint/lint"
	"arclint/lint/catalog"
)

// worstCase is a file, or several, that a reader finds hardest.
type worstCase struct {
	name  string
	limit int // bytes up to which it is measured; 0: maxMeasured
	files func(n int) map[string]string
	tree  func(n int) []byte // in the place of files: an archive
}

// maxMeasured is the limit of most readers. What is kept of a file makes the limit
// of many lower: the benchmark ends where a file is left out.
const maxMeasured = 16 << 20

// fill repeats a text up to n bytes; %d in it counts.
func fill(text string, n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		b.WriteString(strings.ReplaceAll(text, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// at is the case of one file with a text that is repeated.
func at(path, text string) func(int) map[string]string {
	return func(n int) map[string]string { return map[string]string{path: fill(text, n)} }
}

// conf is that of an arc.conf which goes on as text says.
func conf(head, text string) func(int) map[string]string {
	return func(n int) map[string]string {
		return map[string]string{"/etc/arc.conf": "[common]\nhostname=ce.example.org\n" + head + fill(text, n)}
	}
}

// with adds a fixed text for arc.conf to a case.
func with(lines string, files func(int) map[string]string) func(int) map[string]string {
	return func(n int) map[string]string {
		made := files(n)
		made["/etc/arc.conf"] = "[common]\nhostname=ce.example.org\n" + lines
		return made
	}
}

// many is a case of many files of 1 KiB; %d in the name counts.
func many(path, text string) func(int) map[string]string {
	return func(n int) map[string]string {
		made := map[string]string{}
		for i := range max(n>>10, 1) {
			made[strings.ReplaceAll(path, "%d", fmt.Sprintf("%08x", i))] = strings.ReplaceAll(text, "%d", fmt.Sprint(i))
		}
		return made
	}
}

// worstCases are those of all readers.
func worstCases(t testing.TB) []worstCase {
	const group = "[authgroup:u]\n"
	ca, crl := pemOf(t, ".0"), pemOf(t, ".r0")
	caDir := gridDir + "/"
	list := func(text string) func(int) map[string]string {
		return with(group+"file=/etc/list\n", at("/etc/list", text))
	}
	pool := func(text string) func(int) map[string]string {
		return with(group+"subject=/CN=x\n[mapping]\nmap_to_pool=u /etc/pool\n", at("/etc/pool/pool", text))
	}
	return []worstCase{
		{name: "arc.conf, options", files: conf("[arex]\n", "option%d=value\n")},
		{name: "arc.conf, blocks", files: conf("", "[queue:q%d]\ncomment=a\n")},
		{name: "arc.conf, empty lines", files: conf("", "\n")},
		{name: "arc.conf, one line", files: conf("[arex]\ncomment=", "a b ")},
		{name: "arc.conf, dropped lines", files: conf("", " ; %d\n")},
		{name: "arc.conf, cachedir lines", files: conf("[arex]\n[arex/cache]\n", "cachedir=/var/cache/arc/%d /link/%d\n")},
		{name: "arc.conf, secrets", files: conf("[lrms]\n", "boinc_db_pass=http://user:x@a/?token=%d\n")},
		{name: "arc.conf.d, files", files: many("/etc/arc.conf.d/%d.conf", "[queue:q%d]\ncomment=a\n")},
		{name: "certificates", files: at(caDir+"x.pem", ca)},
		{name: "certificates, BEGIN without END", files: at(caDir+"x.pem", "-----BEGIN CERTIFICATE-----\n")},
		{name: "certificates, one line", files: at(caDir+"0a1b2c3d.0", "-----BEGIN PRIVATE KEY-----")},
		{name: "certificates, empty lines", files: at(caDir+"0a1b2c3d.0", "\n")},
		{name: "certificates, files", files: many(caDir+"%d.0", "x")},
		{name: "certificates, names in one", files: manyNames(t)},
		{name: "certificates, cross-signed", files: clique(t), limit: 512 << 10},
		{name: "certificates, one RSA key", files: hugeKey(t)},
		{name: "CRLs", files: at(caDir+"0a1b2c3d.r0", crl)},
		{name: "CRLs, BEGIN without END", files: at(caDir+"0a1b2c3d.r0", "-----BEGIN X509 CRL-----\n")},
		{name: "policies", files: at(caDir+"0a1b2c3d.signing_policy", "access_id_CA X509 '/CN=%d'\npos_rights globus CA:sign\ncond_subjects globus '\"/CN=%d/*\"'\n")},
		{name: "policies, one line", files: at(caDir+"0a1b2c3d.signing_policy", "access_id_CA '")},
		{name: "namespaces", files: at(caDir+"0a1b2c3d.namespaces", "TO Issuer \"/CN=%d\" \\\n PERMIT Subject \"/CN=%d/.*\"\n")},
		{name: "namespaces, continued", files: at(caDir+"0a1b2c3d.namespaces", "TO \\\n")},
		{name: ".info", files: at(caDir+"x.info", "key%d = value\n")},
		{name: ".info, continued", files: at(caDir+"x.info", "requires = a, \\\n")},
		{name: ".info, in quotes", files: at(caDir+"x.info", "requires = `\n")},
		{name: ".crl_url", files: at(caDir+"0a1b2c3d.crl_url", "http://a/%d\n")},
		{name: ".lsc", files: at("/etc/grid-security/vomsdir/vo/a.lsc", "/CN=%d\n")},
		{name: ".lsc, chains", files: at("/etc/grid-security/vomsdir/vo/a.lsc", "/CN=%d\n/CN=a\n---NEXT CHAIN---\n")},
		{name: "vomsdir, files", files: many("/etc/grid-security/vomsdir/vo/%d.lsc", "/CN=%d\n/CN=a\n")},
		{name: "vomsdir, VOs", files: many("/etc/grid-security/vomsdir/%d/a.lsc", "/CN=%d\n/CN=a\n")},
		{name: "subjects", files: list("\"/DC=org/CN=User %d\"\n")},
		{name: "subjects, quotes", files: list("\" ")},
		{name: "subjects, empty lines", files: list("\n")},
		{name: "mapfile", files: with(group+"subject=/CN=x\n[mapping]\nmap_with_file=u /etc/list\n", at("/etc/list", "\"/DC=org/CN=User %d\" u%d\n"))},
		{name: "slurm.conf", files: with(group+"[lrms]\nlrms=slurm\n[queue:q]\n", at("/etc/slurm/slurm.conf", "PartitionName=p%d Nodes=n%d\n"))},
		{name: "pool", files: pool("user%d\n")},
		{name: "pool, one line", files: pool("user:%d:")},
		{name: "pool, leases", files: with(group+"subject=/CN=x\n[mapping]\nmap_to_pool=u /etc/pool\n", many("/etc/pool/%d", "user"))},
		{name: "/etc/passwd", files: at("/etc/passwd", "u%d:x:%d:%d::/:/bin/sh\n")},
		{name: "/etc/group, groups", files: at("/etc/group", "g%d:x:%d:root\n")},
		{name: "/etc/group, members", files: at("/etc/group", "g%d:x:%d:root,root,root,root,root,root,root,root,root\n")},
		{name: "expression", files: conf(group, "authtokensgen=(sub=\"a%d\")|(sub=\"b\")\n")},
		{name: "expression, deep", files: func(n int) map[string]string {
			return conf(group+"authtokensgen="+strings.Repeat("!(", n/3)+"sub=a"+strings.Repeat(")", n/3)+"\n", "")(0)
		}},
		{name: "JSON keys", files: func(n int) map[string]string {
			return pins(`{"keys":[` + fill(`{"kty":"RSA","kid":"%d","n":"AQAB","e":"AQAB"},`, n) + `{}]}`)
		}},
		{name: "JSON keys, deep", files: func(n int) map[string]string { return pins(fill("[", n)) }},
		{name: "openssl.cnf", files: at("/usr/lib/ssl/openssl.cnf", "a%d = b\n")},
		{name: "openssl.cnf, variables", files: at("/usr/lib/ssl/openssl.cnf", "a = $a$a\n")},
		{name: "archive, files", tree: func(n int) []byte { return packed(t, n, false, "etc/x/%d") }},
		{name: "archive, deep paths", tree: func(n int) []byte { return packed(t, n, false, strings.Repeat("d%d/", 60)+"x") }},
		{name: "archive, nested", tree: func(n int) []byte { return nested(t, n) }},
		{name: "archive, compressed", tree: func(n int) []byte { return packed(t, n, true, "etc/grid-security/certificates/%d.pem") }},
	}
}

func pins(keys string) map[string]string {
	const dir = "/var/spool/arc/jobstatus/tokenissuers/x/"
	return map[string]string{dir + "issuer": "https://issuer.example.org", dir + "metadata": "{}", dir + "keys": keys}
}

func pemOf(t testing.TB, ending string) string {
	t.Helper()
	base, err := fixtures.Base("7.2.0")
	must(t, err)
	entries, err := rootfs.List(base.Tree, gridDir)
	must(t, err)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ending) {
			data, _, err := rootfs.Read(base.Tree, e.Path, 1<<20)
			must(t, err)
			return string(data)
		}
	}
	t.Fatal("no file " + ending)
	return ""
}

// packed is an archive of about n bytes, unpacked.
func packed(t testing.TB, n int, zip bool, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.Writer = &b
	zipped := gzip.NewWriter(&b)
	if zip {
		w = zipped
	}
	out := tar.NewWriter(w)
	add := func(name, text string) {
		must(t, out.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(text))}))
		_, err := io.WriteString(out, text)
		must(t, err)
	}
	add("etc/arc.conf", "[common]\nhostname=ce.example.org\n")
	for i := range n >> 10 {
		add(strings.ReplaceAll(name, "%d", fmt.Sprint(i)), "x")
	}
	must(t, out.Close())
	if zip {
		must(t, zipped.Close())
	}
	return b.Bytes()
}

// nested is an archive in archives, as many as fit into n bytes.
func nested(t testing.TB, n int) []byte {
	t.Helper()
	inner := []byte("[common]\nhostname=ce.example.org\n")
	for depth := 0; ; depth++ {
		var b bytes.Buffer
		out := tar.NewWriter(&b)
		must(t, out.WriteHeader(&tar.Header{Name: "etc/arc.conf", Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(inner))}))
		_, err := out.Write(inner)
		must(t, err)
		must(t, out.Close())
		if depth > 0 && b.Len() > n {
			return inner
		}
		inner = b.Bytes()
	}
}

// manyNames is a certificate, that of the host and a CA, of as many names as fit.
func manyNames(t testing.TB) func(n int) map[string]string {
	return func(n int) map[string]string {
		var names []string
		for size := 0; size < n; size += 40 { // bytes of PEM for each
			names = append(names, fmt.Sprintf("node%08d.cluster.example.org", len(names)))
		}
		e, err := pki.Make(pki.Spec{Subject: "/CN=ce.example.org", DNSNames: names, PermittedDNS: names[:1]})
		must(t, err)
		return map[string]string{"/etc/grid-security/hostcert.pem": string(e.PEM()), hashName(t, e.Cert, 0): string(e.PEM())}
	}
}

// hashName is the path at which OpenSSL looks for a CA, the n-th of its subject.
func hashName(t testing.TB, cert []byte, n int) string {
	t.Helper()
	parsed, err := x509.ParseCertificate(cert)
	must(t, err)
	hash, err := x509name.Hash(parsed.RawSubject)
	must(t, err)
	return fmt.Sprintf("%s/%s.%d", gridDir, x509name.Format(hash), n)
}

// clique is of CAs that have each been signed by each other one, none by itself,
// and a host certificate below one of them. 20 CAs have 200 KiB.
func clique(t testing.TB) func(n int) map[string]string {
	return func(n int) map[string]string {
		files := map[string]string{}
		var roots []*pki.Entity
		for i := range max(int(math.Sqrt(float64(n/550))), 2) { // bytes of PEM for each certificate
			roots = append(roots, pki.New(pki.Spec{Subject: fmt.Sprintf("/DC=org/CN=CA %d", i), Key: fmt.Sprintf("p256-%d", i%3+1)}))
		}
		for i := range roots {
			for k, issuer := range roots {
				if k != i {
					e := pki.New(pki.Spec{Subject: roots[i].Spec.Subject, Key: roots[i].Spec.Key, Issuer: issuer, IsCA: pki.True})
					files[hashName(t, e.Cert, (k-i+len(roots))%len(roots)-1)] = string(e.PEM())
				}
			}
		}
		host := pki.New(pki.Spec{Subject: "/CN=ce.example.org", Issuer: roots[0], DNSNames: []string{"ce.example.org"}})
		files["/etc/grid-security/hostcert.pem"] = string(host.PEM())
		return files
	}
}

// hugeKey is a CA with a modulus of three quarters of n bytes, and a host
// certificate below it. 1 Mbit has 175 KiB.
func hugeKey(t testing.TB) func(n int) map[string]string {
	signer, err := pki.LoadKey("rsa1")
	must(t, err)
	sign := func(name string, parent *x509.Certificate, key crypto.PublicKey) []byte {
		spec := &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IsCA: parent == nil,
			NotBefore: pki.Now.AddDate(-1, 0, 0), NotAfter: pki.Now.AddDate(1, 0, 0), BasicConstraintsValid: true,
		}
		if parent == nil {
			parent = spec
		}
		der, err := x509.CreateCertificate(rand.Reader, spec, parent, key, signer)
		must(t, err)
		return der
	}
	return func(n int) map[string]string {
		modulus := new(big.Int).SetBytes(bytes.Repeat([]byte{0xc1}, max(n, 512)*3/4))
		ca := sign("CA", nil, &rsa.PublicKey{N: modulus, E: 65537})
		host := sign("ce.example.org", &x509.Certificate{Subject: pkix.Name{CommonName: "CA"}}, signer.Public())
		return map[string]string{
			hashName(t, ca, 0):                string(pki.PEM("CERTIFICATE", ca)),
			"/etc/grid-security/hostcert.pem": string(pki.PEM("CERTIFICATE", host)),
		}
	}
}

// check makes a case of n bytes and gives what checks it.
func (c worstCase) check(t testing.TB, n int) func() {
	t.Helper()
	base, err := fixtures.Base("7.2.0")
	must(t, err)
	options := site.Options{Root: "/", ARCVersion: base.ARCVersion, OSFamily: site.OSFamily(base.OSFamily), Now: base.Now}
	load := func(tree rootfs.FS) {
		s, err := site.Load(tree, options)
		must(t, err)
		must(t, report.CheckJSON(io.Discard, maker(), s, lint.Run(s, catalog.All())))
	}
	if c.tree != nil {
		data := c.tree(n)
		return func() {
			tree, err := rootfs.Tar(bytes.NewReader(data), rootfs.Limits{})
			must(t, err)
			load(tree)
		}
	}
	tree := rootfs.Overlay(base.Tree)
	for path, text := range c.files(n) {
		must(t, tree.WriteFile(path, []byte(text), 0o644))
	}
	return func() { load(tree) }
}

// TestReadersAreLinear: a check of a file of sixteen times the bytes takes at most
// 64 times the memory, in bytes and in objects, with each reader's own worst case:
// lists grow in steps, which may be four times what is needed, and what grows with
// the square would take 256 times as much. It counts no time, which is what bench-readers is for.
func TestReadersAreLinear(t *testing.T) {
	const small, large = 4 << 10, 64 << 10
	for _, c := range worstCases(t) {
		t.Run(strings.ReplaceAll(c.name, " ", "-"), func(t *testing.T) {
			bytes, objects := allocated(c.check(t, 1))
			smallBytes, smallObjects := allocated(c.check(t, small))
			largeBytes, largeObjects := allocated(c.check(t, large))
			// What the site takes without the file falls away.
			if largeBytes-bytes > 64*max(smallBytes-bytes, 128<<10) {
				t.Errorf("%d bytes of a file take %d, %d take %d", small, smallBytes-bytes, large, largeBytes-bytes)
			}
			if largeObjects-objects > 64*max(smallObjects-objects, 1000) {
				t.Errorf("%d bytes of a file take %d objects, %d take %d", small, smallObjects-objects, large, largeObjects-objects)
			}
		})
	}
}

// allocated is what do takes, in bytes and objects, once everything is there that is
// made for all sites: the least of three runs, for pools of the library are emptied at
// any time, and at random by the race detector.
func allocated(do func()) (bytes, objects int64) {
	do()
	bytes, objects = math.MaxInt64, math.MaxInt64
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		do()
		runtime.ReadMemStats(&after)
		bytes = min(bytes, int64(after.TotalAlloc-before.TotalAlloc))
		objects = min(objects, int64(after.Mallocs-before.Mallocs))
	}
	return bytes, objects
}
