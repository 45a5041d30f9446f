package trust_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/trust"
)

// TestMissing: which of the two is missing, the anchor or an intermediate.
func TestMissing(t *testing.T) {
	leafOnly := func(w *world.World) { w.Chain = w.Chain[:1] }
	for _, tc := range []struct {
		name string
		set  func(*world.World)
		want trust.Reason
		says string // in the trace
	}{
		{"leaf alone, its root is installed", func(w *world.World) { w.Install(w.Root); leafOnly(w) }, openssl.NoIntermediate, world.InterDN},
		{"leaf alone, another organisation is installed", func(w *world.World) {
			w.Install(pki.New(pki.Spec{Subject: "/O=Other/CN=Other CA", Key: "rsa6"}))
			leafOnly(w)
		}, openssl.NoAnchor, world.InterDN},
		{"leaf alone, nothing installed", leafOnly, openssl.NoAnchor, world.InterDN},
		{"leaf of a root, which has a wrong name", func(w *world.World) {
			w.Inter = w.Root
			w.Present(w.NewLeaf(w.Root))
			w.Write(world.GridDir+"/example.pem", w.Root.PEM())
			leafOnly(w)
		}, openssl.NoAnchor, "example.pem holds a certificate of that name"},
		{"root not installed", func(*world.World) {}, openssl.NoAnchor, "is not in " + world.GridDir},
		{"root sent, not installed", func(w *world.World) { w.Chain = append(w.Chain, w.Root) }, openssl.NoAnchor, "was sent by the peer"},
		{"root in DER", func(w *world.World) { w.Put(w.Root, 0, w.Root.Cert) }, openssl.NoAnchor, "is DER"},
		{"root is a dangling link", func(w *world.World) { w.Link("nowhere", world.GridDir+"/"+w.Root.Hash()+".0") }, openssl.NoAnchor, "cannot be read"},
		{"self-signed", func(w *world.World) {
			w.Chain = []*pki.Entity{pki.New(pki.Spec{Subject: world.HostDN, IsCA: pki.False})}
		}, openssl.NoAnchor, "self-signed"},
		{"nothing sent", func(w *world.World) { w.Chain = nil }, openssl.Unreadable, "no certificate"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := worlds.World()
			tc.set(w)
			got := trust.Chain(load(t, w, "7.2.0"), trust.Issuer, chainOf(t, w))
			if got.Accepted || got.Reason != tc.want {
				t.Errorf("reason %s, want %s\n%s", got.Reason, tc.want, story(got))
			}
			if !strings.Contains(story(got), tc.says) {
				t.Errorf("the trace does not say %q:\n%s", tc.says, story(got))
			}
		})
	}
}

func chainOf(t *testing.T, w *world.World) []*gridsec.Certificate {
	if len(w.Chain) == 0 {
		return nil
	}
	return certificates(t, w.Chain)
}

// TestPlaces: where each release looks, with every x509_cert_policy.
func TestPlaces(t *testing.T) {
	const system = "/etc/pki/tls"
	where := map[string]func(w *world.World){
		"grid":   func(w *world.World) { w.Install(w.Root) },
		"custom": func(w *world.World) { w.Write(world.CustomDir+"/"+w.Root.Hash()+".0", w.Root.PEM()) },
		"dir":    func(w *world.World) { w.Write(system+"/certs/"+w.Root.Hash()+".0", w.Root.PEM()) },
		"file":   func(w *world.World) { w.Write(system+"/cert.pem", w.Root.PEM()) },
	}
	for _, tc := range []struct {
		release, policy string
		fetch, client   []string
	}{
		{"6.17.0", "", []string{"grid"}, []string{"custom"}},
		{"7.0.0", "grid", []string{"grid"}, []string{"custom"}},
		{"7.0.0", "system", []string{"dir", "file"}, []string{"dir", "file"}},
		{"7.0.0", "any", []string{"dir", "file"}, []string{"dir", "file"}},
		{"7.2.0", "", []string{"grid"}, []string{"custom"}},
		{"7.2.0", "grid", []string{"grid"}, []string{"custom"}},
		{"7.2.0", "any", []string{"grid", "dir", "file"}, []string{"custom", "dir", "file"}},
		{"7.2.0", "any.nofile", []string{"grid", "dir"}, []string{"custom", "dir"}},
		{"7.2.0", "any.onlyfile", []string{"grid", "file"}, []string{"custom", "file"}},
		{"7.2.0", "system", []string{"grid", "dir", "file"}, []string{"file"}},
		{"7.2.0", "system.nofile", []string{"grid", "dir"}, []string{"dir"}},
		{"7.2.0", "system.onlyfile", []string{"grid", "file"}, []string{"file"}},
		{"7.2.0", "Grid", []string{"grid", "dir", "file"}, []string{"file"}},
		{"7.2.0", "any # both", []string{"grid", "dir", "file"}, []string{"file"}},
	} {
		for place, put := range where {
			t.Run(tc.release+"/"+tc.policy+"/"+place, func(t *testing.T) {
				w := worlds.World()
				put(w)
				w.Mkdir(world.CustomDir)
				w.Common = []string{"x509_cert_dir=" + world.CustomDir}
				if tc.policy != "" {
					w.Common = append(w.Common, "x509_cert_policy="+tc.policy)
				}
				s := load(t, w, tc.release)
				for purpose, looks := range map[trust.Purpose][]string{trust.Issuer: tc.fetch, trust.Client: tc.client} {
					got := trust.Chain(s, purpose, certificates(t, w.Chain))
					if want := slices.Contains(looks, place); got.Accepted != want {
						t.Errorf("%s: accepted is %v, want %v\n%s", purpose, got.Accepted, want, story(got))
					}
				}
			})
		}
	}
}

// TestSeveralPlaces: a name that one place has is not looked for in the next.
func TestSeveralPlaces(t *testing.T) {
	for _, tc := range []struct {
		name  string
		first func(w *world.World)
		want  bool
	}{
		{"the first directory has another key under the name", func(w *world.World) {
			w.Write(world.CustomDir+"/"+w.Root.Hash()+".0", w.Impostor().PEM())
		}, false},
		{"the first directory has another key under the name, in a file with a broken block", func(w *world.World) {
			w.Write(world.CustomDir+"/"+w.Root.Hash()+".0", append(w.Impostor().PEM(), pki.PEM("CERTIFICATE", []byte("broken"))...))
		}, false},
		{"the first directory has nothing of the name", func(w *world.World) { w.Mkdir(world.CustomDir) }, true},
		{"the first directory does not exist", func(*world.World) {}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := worlds.World()
			w.Install(w.Root)
			tc.first(w)
			w.Common = []string{"x509_cert_dir=" + world.CustomDir + ":" + world.GridDir}
			got := trust.Chain(load(t, w, "7.2.0"), trust.Client, certificates(t, w.Chain))
			if got.Accepted != tc.want {
				t.Errorf("accepted is %v, want %v\n%s", got.Accepted, tc.want, story(got))
			}
		})
	}
}

// TestSecurityLevel: tlsciphers may set another security level in 7.x.
func TestSecurityLevel(t *testing.T) {
	for ciphers, want := range map[string]trust.Reason{
		"HIGH": openssl.WeakKey, "HIGH:@SECLEVEL=1": openssl.OK, "HIGH:@SECLEVEL=3": openssl.WeakKey, "@SECLEVEL=": openssl.WeakKey,
	} {
		w := worlds.World()
		world.WithLeaf(pki.Spec{Key: "rsa1024-1"})(w)
		w.WS = []string{"tlsciphers=" + ciphers}
		if got := trust.Chain(load(t, w, "7.2.0"), trust.Issuer, certificates(t, w.Chain)); got.Reason != want {
			t.Errorf("%s: %s, want %s", ciphers, got.Reason, want)
		}
	}
}

// TestAnchors: what may end a path.
func TestAnchors(t *testing.T) {
	w := worlds.World()
	w.Install(w.Root, w.Inter,
		pki.New(pki.Spec{Subject: "/CN=end entity", Key: "rsa4", IsCA: pki.False}),
		pki.New(pki.Spec{Subject: "/CN=weak", Key: "rsa1024-1"}),
		pki.New(pki.Spec{Subject: "/CN=old", Key: "rsa5", NotAfter: pki.Now}),
		pki.New(pki.Spec{Subject: "/CN=for clients", Key: "rsa6", EKU: []string{"clientAuth"}}))
	w.Write(world.GridDir+"/NAME.pem", pki.New(pki.Spec{Subject: "/CN=badly named", Key: "rsa7"}).PEM())
	s := load(t, w, "7.2.0")
	for purpose, want := range map[trust.Purpose][]string{trust.Issuer: {world.RootDN}, trust.Client: {world.RootDN, "/CN=for clients"}} {
		var got []string
		for _, c := range trust.Anchors(s, purpose) {
			got = append(got, c.SubjectName)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", purpose, got, want)
		}
	}
}

// FuzzExtension: whatever stands in an extension, nothing panics, and a verdict
// fits its reason.
func FuzzExtension(f *testing.F) {
	oids := []asn1.ObjectIdentifier{
		{2, 5, 29, 14}, {2, 5, 29, 15}, {2, 5, 29, 17}, {2, 5, 29, 18}, {2, 5, 29, 19}, {2, 5, 29, 30}, {2, 5, 29, 31}, {2, 5, 29, 35},
		{2, 5, 29, 37}, {2, 16, 840, 1, 113730, 1, 1}, {1, 3, 6, 1, 5, 5, 7, 1, 14},
	}
	f.Add(uint8(4), []byte{0x30, 0})
	f.Add(uint8(5), []byte{0x30, 0x0c, 0xa0, 0x0a, 0x30, 0x08, 0x82, 0x06, '.', 'a', '.', 'o', 'r', 'g'})
	f.Add(uint8(6), []byte{0x30, 0x0a, 0x30, 0x08, 0xa0, 0x06, 0xa0, 0x04, 0x86, 0x02, 'a', ':'})
	f.Add(uint8(7), []byte{0x30, 0x03, 0x80, 0x01, 0x00})
	f.Add(uint8(10), []byte{0x30, 0x0c, 0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x15, 0x01})
	root := pki.New(pki.Spec{Subject: world.RootDN, Key: "p256-1"})
	f.Fuzz(func(t *testing.T, which uint8, value []byte) {
		extension := pkix.Extension{Id: oids[int(which)%len(oids)], Value: value}
		bare := pki.Spec{Key: "p256-2", Issuer: root, NoBasicConstraints: true, NoKeyUsage: true, NoSKI: true, NoAKI: true, Extensions: []pkix.Extension{extension}}
		bare.Subject = world.HostDN
		e, err := pki.Make(bare)
		if err != nil || e.Parsed == nil {
			return
		}
		w := worlds.World()
		w.Install(root, e)
		s := load(t, w, "6.17.0")
		for _, chain := range [][]*pki.Entity{{e}, {w.NewLeaf(e), e}} {
			v := trust.Chain(s, trust.Client, certificates(t, chain))
			if v.Accepted != (v.Reason == openssl.OK) || len(v.Path) == 0 || len(v.Trace) == 0 {
				t.Errorf("accepted is %v, reason %s, path %d, trace %d", v.Accepted, v.Reason, len(v.Path), len(v.Trace))
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	w := worlds.World()
	for _, key := range []string{"rsa4", "rsa5", "rsa6", "rsa7", "rsa8"} {
		w.Install(pki.New(pki.Spec{Subject: "/O=Other/CN=" + key, Key: key}))
	}
	w.Install(w.Root)
	w.CRL(w.Inter, 0, pki.CRLSpec{})
	s, chain := load(b, w, "7.2.0"), certificates(b, w.Chain)
	engine := trust.For(s, trust.Issuer)
	for b.Loop() {
		if v := engine.Verify(chain, openssl.Server, s.Now); !v.Accepted {
			b.Fatal(story(v))
		}
	}
}

// TestProfiles: where versions of OpenSSL differ. The answers are those of
// `openssl verify` of 3.0.19, 3.5.7 and 3.6.3.
func TestProfiles(t *testing.T) {
	for _, tc := range []struct {
		name string
		set  func(w *world.World)
		want map[string]bool
	}{
		{"the root, then a broken block in its file", func(w *world.World) {
			w.Put(w.Root, 0, append(w.Root.PEM(), pki.PEM("CERTIFICATE", []byte("broken"))...))
		}, map[string]bool{"6.17.0": true, "7.0.0": true, "7.2.0": true}},
		{"a broken block, then the root", func(w *world.World) {
			w.Put(w.Root, 0, append(pki.PEM("CERTIFICATE", []byte("broken")), w.Root.PEM()...))
		}, map[string]bool{"6.17.0": false, "7.0.0": false, "7.2.0": false}},
		{"a self-signed server with an expired CRL of its own", func(w *world.World) {
			leaf := pki.New(pki.Spec{Subject: world.HostDN, IsCA: pki.False, EKU: world.BothUses, NoKeyUsage: true})
			w.Chain = []*pki.Entity{leaf}
			w.Install(leaf)
			w.CRL(leaf, 0, world.StaleCRL(w))
		}, map[string]bool{"6.17.0": false, "7.0.0": false, "7.2.0": true}},
		{"a self-issued CA does not count for the path length", func(w *world.World) {
			w.Root = pki.New(pki.Spec{Subject: world.RootDN, Key: "rsa1", PathLen: pki.Int(1)})
			first := w.NewInter(w.Root)
			second := pki.New(pki.Spec{Subject: world.InterDN, Key: "rsa4", Issuer: first, IsCA: pki.True})
			w.Install(w.Root)
			w.Build(second)
			w.Chain = append(w.Chain, first)
		}, map[string]bool{"6.17.0": true, "7.0.0": true, "7.2.0": true}},
		{"name constraints bind a self-issued server", func(w *world.World) {
			w.Root = pki.New(pki.Spec{Subject: world.RootDN, Key: "rsa1", PermittedDNS: []string{"example.com"}})
			w.Build(w.NewInter(w.Root))
			w.Present(pki.New(pki.Spec{Subject: world.InterDN, Issuer: w.Inter, EKU: world.BothUses, DNSNames: []string{"issuer.example.org"}}))
			w.Install(w.Root)
		}, map[string]bool{"6.17.0": false, "7.0.0": false, "7.2.0": false}},
	} {
		for release, want := range tc.want {
			t.Run(tc.name+"/"+release, func(t *testing.T) {
				w := worlds.World()
				tc.set(w)
				if got := trust.Chain(load(t, w, release), trust.Issuer, certificates(t, w.Chain)); got.Accepted != want {
					t.Errorf("accepted is %v, want %v\n%s", got.Accepted, want, story(got))
				}
			})
		}
	}
}
