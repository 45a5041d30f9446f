package gridsec

import (
	"crypto/sha1"
	"fmt"
	"os"
	"strings"
	"testing"

	"arclint/internal/rootfs"
)

// realDirs are directories of IGTF CAs: those of ARCLINT_CA_DIRS (separated by
// colons), or where Debian's igtf-policy packages are installed.
func realDirs(t testing.TB) []string {
	t.Helper()
	if dirs := os.Getenv("ARCLINT_CA_DIRS"); dirs != "" {
		return strings.Split(dirs, ":")
	}
	var found []string
	for _, dir := range []string{"/etc/grid-security/certificates", "/usr/share/igtf-policy/classic", "/usr/share/igtf-policy/iota", "/usr/share/igtf-policy/mics", "/usr/share/igtf-policy/slcs"} {
		if _, err := os.Stat(dir); err == nil {
			found = append(found, dir)
		}
	}
	if found == nil {
		t.Skip("no IGTF CAs are installed: install igtf-policy-*, or set ARCLINT_CA_DIRS")
	}
	return found
}

// TestRealCAs: whatever stands in the IGTF distribution reads without a problem,
// and agrees with itself.
func TestRealCAs(t *testing.T) {
	root, err := rootfs.Dir("/")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	reader, compared := NewReader(root), 0
	for _, path := range realDirs(t) {
		dir := reader.Dir(path)
		if dir.Err != nil {
			t.Fatal(dir.Err)
		}
		for _, f := range dir.Files {
			compared += checkRealFile(t, dir, f)
		}
		for _, e := range dir.Entries {
			if e.Err != nil {
				t.Errorf("%s: %v", e.Path, e.Err)
			}
		}
	}
	if compared == 0 {
		t.Error("no certificate was compared with its .info")
	}
}

// checkRealFile gives the number of certificates that it compared with a .info.
func checkRealFile(t *testing.T, dir *Dir, f *File) (compared int) {
	t.Helper()
	if f.Err != nil {
		t.Errorf("%s: %v", f.Path, f.Err)
	}
	for _, p := range f.Problems {
		t.Errorf("%s:%d: %s", f.Path, p.Span.Begin().Line, p.Message)
	}
	for _, c := range f.Certificates {
		seen, _ := dir.Chain(c.Hash, "")
		if !leadTo(seen, f) {
			t.Errorf("%s: no name %s leads to it", f.Path, ChainName(c.Hash, "", 0))
		}
		if policy := dir.Lookup(fmt.Sprintf("%08x.signing_policy", c.Hash)); policy != nil && len(policy.File.Policy.Problems) > 0 {
			t.Errorf("%s: %v", policy.Path, policy.File.Policy.Problems)
		}
		for _, name := range f.Names {
			alias, ok := strings.CutSuffix(name, ".pem")
			if info := dir.Lookup(alias + ".info"); ok && info != nil {
				checkRealInfo(t, info.File, c)
				compared++
			}
		}
	}
	if f.Namespaces != nil && len(f.Namespaces.Problems) > 0 {
		t.Errorf("%s: %v", f.Path, f.Namespaces.Problems)
	}
	return compared
}

func leadTo(entries []*Entry, f *File) bool {
	for _, e := range entries {
		if e.File == f {
			return true
		}
	}
	return false
}

func checkRealInfo(t *testing.T, f *File, c *Certificate) {
	t.Helper()
	sum := sha1.Sum(c.Raw)
	want := strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
	if got := f.CAInfo.SHA1.Text; got != want {
		t.Errorf("%s: sha1fp.0 = %q, the certificate has %q", f.Path, got, want)
	}
	if len(f.CAInfo.Problems) > 0 {
		t.Errorf("%s: %v", f.Path, f.CAInfo.Problems)
	}
	if got := f.CAInfo.SubjectDN.Text; !strings.EqualFold(got, c.SubjectName) {
		t.Logf("%s: subjectdn %q, the certificate has %q", f.Path, got, c.SubjectName)
	}
}

// BenchmarkRealSite reads the trust of a whole site: ARCLINT_BENCH_ROOT names a
// directory with its etc/grid-security/certificates and usr/lib/ssl.
func BenchmarkRealSite(b *testing.B) {
	path := os.Getenv("ARCLINT_BENCH_ROOT")
	if path == "" {
		b.Skip("no root to read: set ARCLINT_BENCH_ROOT")
	}
	for b.Loop() {
		root, err := rootfs.Dir(path)
		if err != nil {
			b.Fatal(err)
		}
		reader := NewReader(root)
		if dir := reader.Dir("/etc/grid-security/certificates"); dir.Err != nil {
			b.Fatal(dir.Err)
		}
		if system := reader.System("/usr/lib/ssl"); system.Dir.Err != nil || system.FileErr != nil {
			b.Fatal(system.Dir.Err, system.FileErr)
		}
		root.Close()
	}
}
