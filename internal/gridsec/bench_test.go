package gridsec

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/rootfs"
)

// BenchmarkDir reads a directory of the size of the IGTF distribution: 170 CAs,
// each with its links, signing policy, namespaces, .info and .crl_url.
func BenchmarkDir(b *testing.B) {
	path := b.TempDir()
	for i := range 170 {
		name := fmt.Sprintf("Example-%d", i)
		dn := "/DC=org/DC=example/CN=" + name
		ca := pki.New(pki.Spec{Subject: dn})
		write := func(suffix, text string) {
			must(b, os.WriteFile(filepath.Join(path, name+suffix), []byte(text), 0o644))
		}
		write(".pem", string(ca.PEM()))
		write(".signing_policy", grant(dn, `'"/DC=org/*"'`))
		write(".namespaces", "TO Issuer \""+dn+"\" PERMIT Subject \"/DC=org/.*\"\n")
		write(".info", "alias = "+name+"\nversion = 1.2\nstatus = accredited:classic\nsubjectdn = \""+dn+"\"\n")
		write(".crl_url", "http://crl.example.org/"+name+"\n")
		for _, hash := range []string{ca.Hash(), ca.OldHash()} {
			for _, suffix := range []string{".signing_policy", ".namespaces"} {
				must(b, os.Symlink(name+suffix, filepath.Join(path, hash+suffix)))
			}
			must(b, os.Symlink(name+".pem", filepath.Join(path, hash+".0")))
		}
	}
	for b.Loop() {
		root, err := rootfs.Dir(path)
		must(b, err)
		if d := NewReader(root).Dir("/"); d.Err != nil || len(d.Files) != 5*170 {
			b.Fatal(d.Err, len(d.Files))
		}
		must(b, root.Close())
	}
}

// BenchmarkCRL reads one large list.
func BenchmarkCRL(b *testing.B) {
	spec := pki.CRLSpec{}
	for i := range 50000 {
		spec.Revoked = append(spec.Revoked, new(big.Int).Add(big.NewInt(1<<62), big.NewInt(int64(i)*7919)))
	}
	crl := pki.NewCRL(testCA, spec)
	m := rootfs.NewMem()
	must(b, m.WriteFile("/x.crl", crl.DER, 0o644))
	b.SetBytes(int64(len(crl.DER)))
	for b.Loop() {
		if f := NewReader(m).File("/x.crl"); f.Err != nil || len(f.CRLs) != 1 {
			b.Fatal(f.Err)
		}
	}
}
