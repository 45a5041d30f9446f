package mint_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"arclint/fixtures"
	"arclint/internal/gridsec"
	"arclint/internal/mint"
	"arclint/internal/site"
	"arclint/internal/verify"
)

// TestMake: each chain has the one fault that its name says, on every release
// (arc-behaviour D5, D7, D8, F2).
func TestMake(t *testing.T) {
	want := map[string]verify.Reason{
		"cert-good": verify.OK, "cert-expired": verify.Expired, "cert-early": verify.NotYetValid, "cert-server": verify.WrongPurpose,
		"cert-weak": verify.WeakKey, "cert-not-ca": verify.NotACA, "cert-self-signed": verify.NoAnchor, "cert-other-ca": verify.NoAnchor,
		"proxy-expired": verify.Expired, "proxy-legacy": verify.NotACA, "proxy-limited": verify.OK,
		"dn-other": verify.OK, "dn-longer": verify.OK, "dn-more": verify.OK, "dn-upper": verify.OK, "cert-revoked": verify.OK, // no CRL is there
	}
	for _, release := range []string{"6.17.0", "7.0.0", "7.2.0"} {
		f, err := fixtures.Base(release)
		if err != nil {
			t.Fatal(err)
		}
		s, err := site.Load(f.Tree, site.Options{Root: "/", ARCVersion: release, Now: f.Now})
		if err != nil {
			t.Fatal(err)
		}
		set, err := mint.Make(s.Now)
		if err != nil {
			t.Fatal(err)
		}
		e := verify.For(s, verify.Client)
		own := &verify.Engine{Store: verify.NewStore(nil, []*gridsec.File{set.Root}), Profile: e.Profile, Curve: e.Curve}
		for _, c := range set.Chains {
			if got := own.Verify(c.Certs, verify.Client, s.Now).Reason; got != want[c.ID] {
				t.Errorf("%s %s: %s, want %s", release, c.ID, got, want[c.ID])
			}
			if got := e.Verify(c.Certs, verify.Client, s.Now); got.Accepted {
				t.Errorf("%s %s: accepted by a site that does not know its CA", release, c.ID)
			}
		}
		if len(set.Chains) != len(want) {
			t.Errorf("%d chains, want %d", len(set.Chains), len(want))
		}
		if name := set.Chains[0].Certs[0].SubjectName; name != mint.Name {
			t.Errorf("the subject is %q, want %q", name, mint.Name)
		}
	}
}

// TestIssuer: two runs have nothing in common, the server has its name, each
// chain its key, and the CRL is of the CA.
func TestIssuer(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	first, err := mint.NewIssuer(now, "ce.example.org")
	if err != nil {
		t.Fatal(err)
	}
	second, err := mint.NewIssuer(now, "ce.example.org")
	if err != nil {
		t.Fatal(err)
	}
	root := first.Root.Certificates[0]
	if root.SubjectName == second.Root.Certificates[0].SubjectName || first.Subject() == second.Subject() || first.Kid == second.Kid || first.Key.Equal(second.Key) {
		t.Error("two runs share a name or a key")
	}
	server, err := x509.ParseCertificate(first.Server.Certificate[0])
	if err != nil || server.VerifyHostname("ce.example.org") != nil || server.CheckSignatureFrom(root.Certificate) != nil || server.NotAfter.Sub(now) > 24*time.Hour {
		t.Errorf("the server's certificate: %v, %v", err, server.Subject)
	}
	for _, c := range first.Chains {
		leaf, err := x509.ParseCertificate(c.TLS.Certificate[0])
		if err != nil || !c.TLS.PrivateKey.(*rsa.PrivateKey).PublicKey.Equal(leaf.PublicKey) {
			t.Errorf("%s: not its key, %v", c.ID, err)
		}
	}
	block, _ := pem.Decode(first.CRL)
	list, err := x509.ParseRevocationList(block.Bytes)
	if err != nil || list.CheckSignatureFrom(root.Certificate) != nil || len(list.RevokedCertificateEntries) != 1 {
		t.Errorf("the CRL: %v", err)
	}
}
