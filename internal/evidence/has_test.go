package evidence

import (
	"testing"

	"arclint/internal/rootfs"
)

// TestHas: a directory without a file of the names that are read is no evidence.
func TestHas(t *testing.T) {
	tree := rootfs.NewMem()
	if err := tree.WriteFile("/chain.txt", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if Has(tree) {
		t.Error("chain.txt is taken for evidence")
	}
	if err := tree.WriteFile("/issuer.example.org_8443.pem", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if !Has(tree) {
		t.Error("a chain is not")
	}
}
