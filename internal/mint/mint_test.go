package mint_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures"
	"arclint/internal/mint"
	"arclint/internal/openssl"
	"arclint/internal/site"
	"arclint/internal/trust"
)

// TestMake: each chain has the one fault that its name says, on every release
// (arc-behaviour D5, D7, D8, F2).
func TestMake(t *testing.T) {
	want := map[string]trust.Reason{
		"cert-good": openssl.OK, "cert-expired": openssl.Expired, "cert-early": openssl.NotYetValid, "cert-server": openssl.WrongPurpose,
		"cert-weak": openssl.WeakKey, "cert-not-ca": openssl.NotACA, "cert-self-signed": openssl.NoAnchor, "cert-other-ca": openssl.NoAnchor,
		"proxy-expired": openssl.Expired, "proxy-legacy": openssl.NotACA, "proxy-limited": openssl.OK,
		"dn-other": openssl.OK, "dn-longer": openssl.OK, "dn-more": openssl.OK, "dn-upper": openssl.OK, "cert-revoked": openssl.OK, // no CRL is there
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
		for _, c := range set.Chains {
			if got := trust.ChainUnder(s, trust.Client, set.Root, c.Certs).Reason; got != want[c.ID] {
				t.Errorf("%s %s: %s, want %s", release, c.ID, got, want[c.ID])
			}
			if got := trust.Chain(s, trust.Client, c.Certs); got.Accepted {
				t.Errorf("%s %s: accepted by a site that does not know its CA", release, c.ID)
			}
		}
		if len(set.Chains) != len(want) {
			t.Errorf("%d chains, want %d", len(set.Chains), len(want))
		}
		if name := set.Chains[0].Certs[0].SubjectName; name != "/DC=net/DC=example/CN=Anybody" {
			t.Errorf("the subject is %q, want that of nobody in particular", name)
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
	if err != nil || list.CheckSignatureFrom(root.Certificate) != nil || len(list.RevokedCertificateEntries) != 2 { // a client and a server
		t.Errorf("the CRL: %v", err)
	}
}

// TestFaulty: each certificate of the issuer's server is wrong in what its case
// says, and in nothing else; the good one is good.
func TestFaulty(t *testing.T) {
	now, host := time.Now(), "ce.example.org"
	made, err := mint.NewIssuer(now, host)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(made.CRL)
	crl, err := x509.ParseRevocationList(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	faults := func(pair tls.Certificate) []string {
		leaf, err := x509.ParseCertificate(pair.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		roots := x509.NewCertPool()
		roots.AddCert(made.Root.Certificates[0].Certificate)
		var found []string
		add := func(fault string, is bool) {
			if is {
				found = append(found, fault)
			}
		}
		add("expired", now.After(leaf.NotAfter))
		add("of another CA", !bytes.Equal(leaf.RawIssuer, made.Root.Certificates[0].Certificate.RawSubject))
		add("for clients", !slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageServerAuth))
		add("of another name", leaf.VerifyHostname(host) != nil)
		add("revoked", slices.ContainsFunc(crl.RevokedCertificateEntries, func(e x509.RevocationListEntry) bool {
			return e.SerialNumber.Cmp(leaf.SerialNumber) == 0
		}))
		_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
		if trusted := err == nil; trusted != !slices.ContainsFunc(found, func(f string) bool { return f != "revoked" && f != "of another name" }) {
			t.Errorf("%v: trusted is %v: %v", found, trusted, err)
		}
		return found
	}
	got := map[string][]string{"good": faults(made.Server)}
	for id, pair := range made.Faulty {
		got[id] = faults(pair)
	}
	want := map[string][]string{
		"good": nil, "issuer-expired": {"expired"}, "issuer-revoked": {"revoked"}, "issuer-other-ca": {"of another CA"},
		"issuer-client": {"for clients"}, "issuer-name": {"of another name"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
