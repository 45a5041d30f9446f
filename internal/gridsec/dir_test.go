package gridsec

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/rootfs"
)

func hashOf(t testing.TB, hex string) uint32 {
	t.Helper()
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(n)
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

const certDir = "/etc/grid-security/certificates"

// trustDir is a directory with one of each kind of entry.
func trustDir(t testing.TB) *rootfs.Mem {
	t.Helper()
	m := rootfs.NewMem()
	in := func(name string) string { return certDir + "/" + name }
	must(t,
		m.WriteFile(in("Example.pem"), testCA.PEM(), 0o644),
		m.Symlink("Example.pem", in(testCA.Hash()+".0")),
		m.Symlink("Example.pem", in(testCA.OldHash()+".0")),
		m.WriteFile(in("Example.signing_policy"), []byte(grant(caDN, `'"/DC=org/*"'`)), 0o644),
		m.Symlink("Example.signing_policy", in(testCA.Hash()+".signing_policy")),
		m.WriteFile(in("Example.info"), []byte("alias = Example\nrequires = Root, Other = 1.2\nsubjectdn = \""+caDN+"\"\n"), 0o644),
		m.WriteFile(in("Example.namespaces"), []byte("TO Issuer SELF PERMIT Subject \"/DC=org/.*\"\n"), 0o644),
		m.WriteFile(in("Example.crl_url"), []byte("# one\n\n http://crl.example.org/a\nhttp://crl.example.org/b\n"), 0o644),
		m.WriteFile(in(testCA.Hash()+".r0"), testCRL.PEM(), 0o644),
		m.WriteFile("/usr/share/ca/Other.crt", otherCA.PEM(), 0o644),
		m.Symlink("/usr/share/ca/Other.crt", in("Other.pem")),
		m.Symlink("Other.pem", in(otherCA.Hash()+".0")),
		m.Symlink("nowhere", in("dangling.pem")),
		m.Symlink("loop.pem", in("loop.pem")),
		m.Special(in("fifo.pem"), fs.ModeNamedPipe|0o644),
		m.Mkdir(in("directory"), 0o755),
		m.Symlink("directory", in("todirectory")),
		m.WriteFile(in("secret.pem"), testCA.PEM(), 0o600),
		m.Deny(in("secret.pem")),
		m.WriteFile(in("large.pem"), make([]byte, maxFile+1), 0o644),
		m.WriteFile(in("README"), []byte("Read me.\n"), 0o644),
		m.Symlink(certDir, "/ca"),
	)
	return m
}

func TestDir(t *testing.T) {
	for _, path := range []string{certDir, certDir + "/", "/ca"} {
		d := NewReader(trustDir(t)).Dir(path)
		if d.Err != nil || d.Resolved != certDir {
			t.Fatalf("%s: %+v", path, d)
		}
		files := map[string]string{}
		for i, f := range d.Files {
			files[f.Path] = fmt.Sprint(f.Names, len(f.Certificates), len(f.CRLs))
			if i > 0 && d.Files[i-1].Names[0] > f.Names[0] {
				t.Errorf("%s comes before %s", d.Files[i-1].Names[0], f.Names[0])
			}
		}
		hash, old, other := testCA.Hash(), testCA.OldHash(), otherCA.Hash()
		want := map[string]string{
			"/usr/share/ca/Other.crt":           "[Other.pem " + other + ".0] 1 0",
			certDir + "/Example.pem":            "[" + min(hash, old) + ".0 " + max(hash, old) + ".0 Example.pem] 1 0",
			certDir + "/" + hash + ".r0":        "[" + hash + ".r0] 0 1",
			certDir + "/Example.signing_policy": "[" + hash + ".signing_policy Example.signing_policy] 0 0",
			certDir + "/Example.crl_url":        "[Example.crl_url] 0 0",
			certDir + "/Example.info":           "[Example.info] 0 0",
			certDir + "/Example.namespaces":     "[Example.namespaces] 0 0",
			certDir + "/README":                 "[README] 0 0",
		}
		if diff := cmp.Diff(want, files); diff != "" {
			t.Errorf("%s: files (-want +got):\n%s", path, diff)
		}
	}
}

func TestDirContents(t *testing.T) {
	d := NewReader(trustDir(t)).Dir(certDir)
	cert := d.Lookup(testCA.Hash() + ".0").File.Certificates[0]
	if cert.SubjectName != caDN || cert.IssuerName != caDN || cert.Hash != hashOf(t, testCA.Hash()) || cert.OldHash != hashOf(t, testCA.OldHash()) || cert.IssuerHash != cert.Hash {
		t.Errorf("%+v", cert)
	}
	if cert.File != d.Lookup("Example.pem").File {
		t.Error("the certificate names another file")
	}
	if p := d.Lookup(testCA.Hash() + ".signing_policy").File.Policy; p == nil || !p.Decide617(caDN, userDN).Allowed {
		t.Errorf("policy %+v", p)
	}
	info := d.Lookup("Example.info").File.CAInfo
	if info.Alias.Text != "Example" || info.Alias.Span.Text() != "alias = Example" || info.SubjectDN.Text != caDN || !cmp.Equal(info.Requires, []string{"Root", "Other"}) {
		t.Errorf("info %+v", info)
	}
	if n := d.Lookup("Example.namespaces").File.Namespaces; len(n.Rules) != 1 || n.Rules[0].Subject.Text != "/DC=org/.*" || !n.Rules[0].Permit || len(n.Problems) > 0 {
		t.Errorf("namespaces %+v", n)
	}
	var urls []string
	for _, span := range d.Lookup("Example.crl_url").File.CRLURLs {
		urls = append(urls, span.Text())
	}
	if !cmp.Equal(urls, []string{"http://crl.example.org/a", "http://crl.example.org/b"}) {
		t.Errorf("URLs %q", urls)
	}
	if f := d.Lookup("README").File; f.Err != nil {
		t.Errorf("README: %v", f.Err)
	}
}

func TestDirErrors(t *testing.T) {
	d := NewReader(trustDir(t)).Dir(certDir)
	for name, want := range map[string]error{
		"dangling.pem": fs.ErrNotExist,
		"loop.pem":     rootfs.ErrLoop,
		"fifo.pem":     rootfs.ErrNotRegular,
		"directory":    rootfs.ErrNotRegular,
		"todirectory":  rootfs.ErrNotRegular,
		"secret.pem":   fs.ErrPermission,
		"large.pem":    rootfs.ErrTooLarge,
		"Example.pem":  nil,
	} {
		e := d.Lookup(name)
		if !errors.Is(e.Err, want) || (e.File == nil) != (want != nil) {
			t.Errorf("%s: %v, want %v", name, e.Err, want)
		}
	}
	if d.Lookup("nothing") != nil {
		t.Error("an entry that is not there was found")
	}
	for path, want := range map[string]error{"/missing": fs.ErrNotExist, "": fs.ErrNotExist, certDir + "/README": rootfs.ErrNotDir} {
		if d := NewReader(trustDir(t)).Dir(path); !errors.Is(d.Err, want) || len(d.Entries) > 0 || d.Lookup("x") != nil {
			t.Errorf("%q: %v, want %v", path, d.Err, want)
		}
	}
}

func TestChain(t *testing.T) {
	m := rootfs.NewMem()
	for _, name := range []string{"00000001.0", "00000001.1", "00000001.3", "00000001.10", "00000001.r0", "00000001.r2", "0000000A.0", "0000000a.01", "00000002.1", "00000001.2x", "00000001.-0", "1.0"} {
		must(t, m.WriteFile("/d/"+name, nil, 0o644))
	}
	must(t, m.Symlink("nowhere", "/d/00000001.2"))
	d := NewReader(m).Dir("/d")
	tests := []struct {
		hash       uint32
		suffix     string
		seen, rest []string
	}{
		{1, "", []string{"00000001.0", "00000001.1", "00000001.2", "00000001.3"}, []string{"00000001.10"}},
		{1, "r", []string{"00000001.r0"}, []string{"00000001.r2"}},
		{2, "", nil, []string{"00000002.1"}},
		{10, "", nil, nil},
	}
	for _, test := range tests {
		seen, rest := d.Chain(test.hash, test.suffix)
		if diff := cmp.Diff([][]string{test.seen, test.rest}, [][]string{entryNames(seen), entryNames(rest)}); diff != "" {
			t.Errorf("Chain(%x, %q) (-want +got):\n%s", test.hash, test.suffix, diff)
		}
	}
	if got := ChainName(0xab, "r", 3); got != "000000ab.r3" {
		t.Errorf("ChainName = %q", got)
	}
}

func entryNames(entries []*Entry) []string {
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	return names
}

// TestReaderParsesOnce: a certificate in several files and directories is one
// parsed certificate; each File has its own Certificate.
func TestReaderParsesOnce(t *testing.T) {
	m := trustDir(t)
	must(t, m.WriteFile("/other/Copy.pem", join(testCA.PEM(), otherCA.PEM()), 0o644), m.Symlink(certDir+"/Example.pem", "/other/Link.pem"))
	r := NewReader(m)
	a, b := r.Dir(certDir).Lookup("Example.pem").File, r.Dir("/other")
	for _, name := range []string{"Copy.pem", "Link.pem"} {
		f := b.Lookup(name).File
		if f.Certificates[0].Certificate != a.Certificates[0].Certificate {
			t.Errorf("%s: parsed again", name)
		}
		if f.Certificates[0].File != f || !cmp.Equal(f.Names, []string{name}) {
			t.Errorf("%s: %v %v", name, f.Certificates[0].File.Path, f.Names)
		}
	}
	if first := r.Dir(certDir); first != r.Dir(certDir) {
		t.Error("a directory was read twice")
	}
	if a.Certificates[0].File != a || len(a.Names) != 3 {
		t.Errorf("the first file changed: %+v", a)
	}
}

func TestFile(t *testing.T) {
	r := NewReader(trustDir(t))
	if f := r.File("/ca/Other.pem"); f.Err != nil || f.Path != "/usr/share/ca/Other.crt" || len(f.Certificates) != 1 || !cmp.Equal(f.Names, []string{"Other.pem"}) {
		t.Errorf("%+v", f)
	}
	if f := r.File("/missing"); !errors.Is(f.Err, fs.ErrNotExist) || f.Source != nil {
		t.Errorf("%+v", f)
	}
	if f := r.File(certDir + "/README"); f.Err != ErrNoObject {
		t.Errorf("%+v", f)
	}
	m := trustDir(t)
	must(t, m.WriteFile("/chain.pem", join(testUser.PEM(), testCA.PEM()), 0o644), m.WriteFile("/cut.pem", join(testUser.PEM(), testCA.PEM()[:200]), 0o644))
	if chain, err := ReadChain(m, "/chain.pem"); err != nil || len(chain) != 2 || chain[0].SubjectName != userDN {
		t.Errorf("%v, %v", chain, err)
	}
	if _, err := ReadChain(m, "/cut.pem"); err == nil || !strings.Contains(err.Error(), ": the PEM block has no END line") {
		t.Errorf("a chain that is cut: err = %v", err)
	}
}

func TestSystem(t *testing.T) {
	m := rootfs.NewMem()
	must(t,
		m.WriteFile("/etc/ssl/certs/ca-certificates.crt", join(testCA.PEM(), otherCA.PEM()), 0o644),
		m.Symlink("/etc/ssl/certs", "/usr/lib/ssl/certs"),
		m.Symlink("/etc/ssl/certs/ca-certificates.crt", "/usr/lib/ssl/cert.pem"),
	)
	s := NewReader(m).System("/usr/lib/ssl")
	if s.Dir.Err != nil || s.FileErr != nil || len(s.File.Certificates) != 2 || s.FilePath != "/usr/lib/ssl/cert.pem" || s.Missing() {
		t.Errorf("%+v", s)
	}
	// EL 10: the file of OPENSSLDIR is gone, and one stands for it.
	s = NewReader(m).System("/etc/pki/tls", "/etc/pki/bundle.pem", "/etc/ssl/certs/ca-certificates.crt")
	if s.FileErr != nil || len(s.File.Certificates) != 2 || s.FilePath != "/etc/ssl/certs/ca-certificates.crt" || s.Missing() || !s.Read() {
		t.Errorf("%+v", s)
	}
	s = NewReader(m).System("/nowhere")
	if s.File != nil || !errors.Is(s.FileErr, fs.ErrNotExist) || !errors.Is(s.Dir.Err, fs.ErrNotExist) || !s.Missing() {
		t.Errorf("%+v", s)
	}
}

func TestNamespaces(t *testing.T) {
	m := rootfs.NewMem()
	text := "# c\nTO Issuer \"/a b\" \\\n  PERMIT Subject \"/c.*\"\nto issuer self deny subject \"/d\" # e\nTO Issuer \"/x\" PERMIT\nTO Issuer \"/a\" PERMIT Subject \"/z\"\nTO \"unclosed\n"
	must(t, m.WriteFile("/d/x.namespaces", []byte(text), 0o644))
	n := NewReader(m).Dir("/d").Files[0].Namespaces
	var got []string
	for _, r := range n.Rules {
		got = append(got, fmt.Sprint(r.Issuer.Text, " ", r.Permit, " ", r.Subject.Text))
	}
	if diff := cmp.Diff([]string{"/a b true /c.*", "self false /d", "/a true /z"}, got); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	if len(n.Problems) != 2 || n.Problems[0].Span.Begin().Line != 5 || n.Problems[1].Span.Begin().Line != 7 {
		t.Errorf("problems %+v", n.Problems)
	}
}

// TestHashNames holds the parser against the names that ChainName makes.
func TestHashNames(t *testing.T) {
	for name, want := range map[string]bool{
		"0a1b2c3d.0": true, "0a1b2c3d.r0": true, "ffffffff.10": true, "0a1b2c3d.2147483647": true,
		"0a1b2c3d.2147483648": false, "0a1b2c3d.99999999999999999999999": false, "0a1b2c3d.": false, "0a1b2c3d.r": false,
		"0A1b2c3d.0": false, "0a1b2c3g.0": false, "0a1b2c3/.0": false, "0a1b2c3:.0": false, "0a1b2c3d.01": false,
		"0a1b2c3d.-1": false, "0a1b2c3d.+1": false, "0a1b2c3d.0 ": false, "0a1b2c3d.rr0": false, "0a1b2c3dx0": false, "0a1b2c3d0.0": false,
	} {
		hash, suffix, number, ok := ParseChainName(name)
		if ok != want || ok && ChainName(hash, suffix, number) != name {
			t.Errorf("%s: %08x %q %d %v", name, hash, suffix, number, ok)
		}
	}
}
