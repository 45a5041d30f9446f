package issuers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKnownRoots(t *testing.T) {
	cilogon, ok := Known().Lookup("https://cilogon.org/dune")
	if !ok {
		t.Fatal("CILogon is not in the registry")
	}
	var got []string
	for _, root := range KnownRoots(cilogon.TLSRoot) {
		got = append(got, root.Subject)
		public, ok := FindPublicRoot(root.SPKISHA256)
		if !ok || public.Hash != root.Hash || public.Subject != root.Subject {
			t.Errorf("%s is not the root of PublicRoots: %+v", root.Subject, public)
		}
		if public.IGTF {
			t.Errorf("%s is IGTF, want not: no Amazon root is", root.Subject)
		}
	}
	want := []string{
		"/C=US/O=Amazon/CN=Amazon Root CA 1",
		"/C=US/O=Amazon/CN=Amazon Root CA 2",
		"/C=US/O=Amazon/CN=Amazon Root CA 3",
		"/C=US/O=Amazon/CN=Amazon Root CA 4",
		"/C=US/ST=Arizona/L=Scottsdale/O=Starfield Technologies, Inc./CN=Starfield Services Root Certificate Authority - G2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("roots of CILogon's CA (-want +got):\n%s", diff)
	}
	for _, root := range []string{"", unknownValue, "Amazon", "Amazon Trust ServicesX"} {
		if got := KnownRoots(root); got != nil {
			t.Errorf("KnownRoots(%q) = %v, want none", root, got)
		}
	}
}

// TestPublicRootsInIGTF names the roots that are on both lists: whoever holds
// a certificate of them is within the reach of the grid's trust.
func TestPublicRootsInIGTF(t *testing.T) {
	var got []string
	current := 0
	for _, root := range PublicRoots() {
		if root.IGTF {
			got = append(got, root.Subject+" "+root.LastRelease)
		}
		if root.Current {
			current++
		}
	}
	want := []string{
		"/C=GR/L=Athens/O=Hellenic Academic and Research Institutions Cert. Authority/CN=Hellenic Academic and Research Institutions ECC RootCA 2015 20260816+nmu1",
		"/C=GR/L=Athens/O=Hellenic Academic and Research Institutions Cert. Authority/CN=Hellenic Academic and Research Institutions RootCA 2015 20260816+nmu1",
		"/C=GR/O=Hellenic Academic and Research Institutions CA/CN=HARICA TLS ECC Root CA 2021 20260816+nmu1",
		"/C=GR/O=Hellenic Academic and Research Institutions CA/CN=HARICA TLS RSA Root CA 2021 20260816+nmu1",
		"/C=IN/OU=emSign PKI/O=eMudhra Technologies Limited/CN=emSign Root CA - G1 20260816+nmu1",
		"/C=US/O=DigiCert Inc/OU=www.digicert.com/CN=DigiCert Assured ID Root CA 20250419+deb13u1",
		"/C=US/ST=New Jersey/L=Jersey City/O=The USERTRUST Network/CN=USERTrust ECC Certification Authority 20260816+nmu1",
		"/C=US/ST=New Jersey/L=Jersey City/O=The USERTRUST Network/CN=USERTrust RSA Certification Authority 20260816+nmu1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("public roots that are IGTF trust anchors (-want +got):\n%s", diff)
	}
	if current != 120 {
		t.Errorf("%d current public roots, want 120 as in ca-certificates %s", current, newest(publicReleases()))
	}
}

func TestGridCAs(t *testing.T) {
	fates := map[Fate]int{}
	var dropped []string
	for _, ca := range GridCAs() {
		fates[ca.Fate]++
		if ca.Fate == Dropped {
			dropped = append(dropped, ca.Alias+" "+ca.LastRelease)
		}
		if found, ok := FindGridCA(ca.CertSHA256); !ok || found != ca {
			t.Errorf("FindGridCA of %s gives %+v", ca.Alias, found)
		}
	}
	if diff := cmp.Diff(map[Fate]int{Current: 83, Renewed: 4, Dropped: 15}, fates); diff != "" {
		t.Errorf("trust anchors by fate (-want +got):\n%s", diff)
	}
	want := []string{
		"ANSPGrid 1.133", "REUNA-ca 1.134",
		"AC-GRID-FR 1.133", "AC-GRID-FR-Personnels 1.133", "AC-GRID-FR-Robots 1.133", "AC-GRID-FR-Services 1.133",
		"HellasGrid-CA-2016 1.134", "SRCE 1.134", "emSignClass1CAG1 1.134", "KEK 1.134", "HPCI 1.134", "TRGrid 1.134",
		"DZeScience 1.134", "cilogon-basic 1.134", "cilogon-silver 1.134",
	}
	if diff := cmp.Diff(want, dropped); diff != "" {
		t.Errorf("dropped trust anchors (-want +got):\n%s", diff)
	}
	if _, ok := FindGridCA(Fingerprint{}); ok {
		t.Error("FindGridCA of zeros finds one, want none")
	}
	if _, ok := FindPublicRoot(Fingerprint{}); ok {
		t.Error("FindPublicRoot of zeros finds one, want none")
	}
}

func TestReleases(t *testing.T) {
	want := []Release{{"1.133", "2025-03-05"}, {"1.134", "2025-03-12"}, {"1.146", "2026-09-07"}}
	if diff := cmp.Diff(want, IGTFReleases()); diff != "" {
		t.Errorf("IGTF releases (-want +got):\n%s", diff)
	}
}

func TestMalformedTable(t *testing.T) {
	tests := map[string]func(){
		"header":      func() { rows("a\tb\n", "a c") },
		"cells":       func() { rows("a\tb\n1\n", "a b") },
		"hash":        func() { mustHash("xyz") },
		"fingerprint": func() { mustFingerprint("00ff") },
	}
	for name, read := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic, want one: a broken table must not go unseen")
				}
			}()
			read()
		})
	}
}
