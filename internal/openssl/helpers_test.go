package openssl_test

import (
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/rootfs"
)

// certificates reads entities as they come over the wire.
func certificates(t testing.TB, entities []*pki.Entity) []*gridsec.Certificate {
	t.Helper()
	tree := rootfs.NewMem()
	if err := tree.WriteFile("/chain.pem", pki.Chain(entities...), 0o644); err != nil {
		t.Fatal(err)
	}
	found := gridsec.NewReader(tree).File("/chain.pem").Certificates
	if len(found) != len(entities) {
		t.Fatalf("read %d of %d certificates", len(found), len(entities))
	}
	return found
}

func verdictOf(t testing.TB, e *openssl.Engine, d draw, p openssl.Purpose) openssl.Verdict {
	t.Helper()
	return e.Verify(certificates(t, d.chain), p, pki.Now)
}

func story(v openssl.Verdict) string {
	var b strings.Builder
	for _, s := range v.Trace {
		b.WriteString("  " + s.Text + "\n")
	}
	return b.String()
}
