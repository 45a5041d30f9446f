package gridsec

import (
	"fmt"
	"slices"
	"testing"

	"arclint/fixtures/pki"
	"arclint/internal/rootfs"
)

// TestHardLinks: a thousand names of one file are one file, read once, in each
// directory and for each purpose.
func TestHardLinks(t *testing.T) {
	m := rootfs.NewMem()
	ca := pki.New(pki.Spec{Subject: "/CN=CA"})
	must(t, m.WriteFile("/d/00000000.0", ca.PEM(), 0o644))
	for i := 1; i < 1000; i++ {
		must(t, m.Link("/d/00000000.0", fmt.Sprintf("/d/%08x.0", i)))
	}
	must(t, m.Link("/d/00000000.0", "/other/ca.pem"), m.Link("/d/00000000.0", "/d/ca.signing_policy"))
	size := int64(len(ca.PEM()))
	r := NewReader(rootfs.Bound(m, rootfs.NewBudget(size*(2+textCost+certificateCost)+1002*256)))
	d := r.Dir("/d")
	if len(d.Files) != 2 || len(d.Files[0].Names) != 1000 || !slices.IsSorted(d.Files[0].Names) {
		t.Fatalf("%d files, the first with %d names", len(d.Files), len(d.Files[0].Names))
	}
	for _, e := range d.Entries {
		if e.Err != nil || e.File == nil || e.Info.Size != size || e.Info.Path != e.Path {
			t.Fatalf("%s: %v, %+v", e.Name, e.Err, e.Info)
		}
	}
	if f := r.File("/other/ca.pem"); f.Err != nil || len(f.Certificates) != 1 {
		t.Errorf("in another directory: %v", f.Err)
	}
}

// TestBudgetOfCertificates: what the budget leaves no room for is not called
// broken.
func TestBudgetOfCertificates(t *testing.T) {
	m := rootfs.NewMem()
	one, two := pki.New(pki.Spec{Subject: "/CN=One"}), pki.New(pki.Spec{Subject: "/CN=Two"})
	must(t, m.WriteFile("/ca.pem", slices.Concat(one.PEM(), two.PEM()), 0o644))
	size := int64(len(one.PEM()) + len(two.PEM()))
	f := NewReader(rootfs.Bound(m, rootfs.NewBudget(size+int64(len(one.Cert))*certificateCost))).File("/ca.pem")
	if len(f.Certificates) != 1 || len(f.Problems) != 1 || f.Problems[0].Effect != Unclear {
		t.Errorf("%d certificates, %+v, want one and a problem that says that it is arclint which does not read the other", len(f.Certificates), f.Problems)
	}
}
