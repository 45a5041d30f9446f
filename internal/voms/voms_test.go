package voms_test

import (
	"crypto/x509/pkix"
	"encoding/pem"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
	"arclint/internal/voms"
)

var (
	ca     = pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=Example Grid CA"})
	jane   = pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=Jane Doe", Issuer: ca, Key: "rsa3", EKU: []string{"clientAuth"}})
	server = pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=voms.example.org", Issuer: ca, Key: "rsa4", EKU: []string{"serverAuth"}})
	sound  = pki.AC{VO: "dune", FQANs: []string{"/dune/Role=pilot", "/dune"}, Holder: jane, Signer: server}
)

func proxyWith(t *testing.T, list ...pki.AC) *gridsec.Certificate {
	t.Helper()
	proxy := pki.New(pki.Spec{Issuer: jane, Key: "rsa5", Proxy: &pki.Proxy{}, Extensions: []pkix.Extension{pki.Attributes(list...)}})
	return parsed(t, proxy.Cert)
}

func parsed(t *testing.T, der []byte) *gridsec.Certificate {
	t.Helper()
	c, err := gridsec.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// seen is what is compared of an attribute certificate.
type seen struct {
	URI, VO, Host, Holder, Issuer string
	FQANs, Signers, Critical      []string
	Life                          time.Duration
	Targets, Unmarked             bool
	Odd                           string
}

func look(ac *voms.Certificate) seen {
	s := seen{
		URI: ac.URI, VO: ac.VO, Host: ac.Host, Holder: ac.Holder, Issuer: ac.Issuer, FQANs: ac.FQANs, Critical: ac.Critical,
		Life: ac.NotAfter.Sub(ac.NotBefore), Targets: ac.Targets, Unmarked: ac.Unmarked, Odd: ac.Odd,
	}
	for _, c := range ac.Signers {
		s.Signers = append(s.Signers, c.SubjectName)
	}
	return s
}

func plain() seen {
	return seen{
		URI: "dune://voms.example.org:15000", VO: "dune", Host: "voms.example.org", Holder: jane.DN(), Issuer: server.DN(),
		FQANs: []string{"/dune/Role=pilot", "/dune"}, Signers: []string{server.DN()}, Life: 12 * time.Hour,
	}
}

// TestRead: what stands in an attribute certificate is read, and what is out of the
// ordinary is named.
func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*pki.AC)
		want   func(*seen)
	}{
		"sound":         {func(*pki.AC) {}, func(*seen) {}},
		"no port":       {func(a *pki.AC) { a.URI = "dune://voms.example.org" }, func(s *seen) { s.URI, s.VO, s.Host = "dune://voms.example.org", "", "" }},
		"no host":       {func(a *pki.AC) { a.URI = "dune" }, func(s *seen) { s.URI, s.VO, s.Host = "dune", "", "" }},
		"by issuer":     {func(a *pki.AC) { a.ByIssuer = true }, func(s *seen) { s.Holder = ca.DN() }},
		"critical":      {func(a *pki.AC) { a.Critical = true }, func(s *seen) { s.Critical = []string{"1.3.6.1.4.1.99999.1"} }},
		"targets":       {func(a *pki.AC) { a.Targets = []string{"ce.example.org"} }, func(s *seen) { s.Targets = true }},
		"two signers":   {func(a *pki.AC) { a.Above = []*pki.Entity{ca} }, func(s *seen) { s.Signers = append(s.Signers, ca.DN()) }},
		"no noRevAvail": {func(a *pki.AC) { a.NoRevAvailMissing = true }, func(s *seen) { s.Unmarked = true }},
		"generic":       {func(a *pki.AC) { a.Generic = true }, func(*seen) {}},
		"a path as VO": {func(a *pki.AC) { a.URI = "../x://h:1" }, func(s *seen) {
			s.URI, s.VO, s.Host, s.Odd = "../x://h:1", "../x", "h", "the VO or the host of its URI has characters that names have not"
		}},
		"no FQAN": {func(a *pki.AC) { a.FQANs = nil }, func(s *seen) { s.FQANs = nil }},
		"a full FQAN": {func(a *pki.AC) { a.FQANs = []string{"/VO=x/Group=y"} }, func(s *seen) {
			s.FQANs, s.Odd = []string{"/VO=x/Group=y"}, "one of its FQANs begins neither with a group nor with a role"
		}},
		"a role alone":    {func(a *pki.AC) { a.FQANs = []string{"/Role=y"} }, func(s *seen) { s.FQANs = []string{"/Role=y"} }},
		"bytes as FQAN":   {func(a *pki.AC) { a.FQANs = []string{"/d\xff\x00"} }, func(s *seen) { s.FQANs = []string{"/d\xff\x00"} }},
		"a shorter life":  {func(a *pki.AC) { a.NotAfter = pki.Now }, func(s *seen) { s.Life = time.Hour }},
		"upper-case host": {func(a *pki.AC) { a.URI = "dune://VOMS.example.org:1" }, func(s *seen) { s.URI, s.Host = "dune://VOMS.example.org:1", "VOMS.example.org" }},
	} {
		t.Run(name, func(t *testing.T) {
			ac, want := sound, plain()
			c.change(&ac)
			c.want(&want)
			all, err := voms.Read(proxyWith(t, ac, sound))
			if err != nil || len(all) != 2 {
				t.Fatalf("%d attribute certificates, %v", len(all), err)
			}
			if diff := cmp.Diff(want, look(all[0])); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(plain(), look(all[1])); diff != "" || all[1].Place != 1 {
				t.Errorf("the second, at %d: %s", all[1].Place, diff)
			}
			if err := all[0].Signers[0].CheckSignature(all[0].Algorithm, all[0].Signed, all[0].Signature); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestReadFake: what Debian's voms-proxy-fake makes is read as what this package's
// fixtures make. Its proxies are kept in testdata.
func TestReadFake(t *testing.T) {
	for file, change := range map[string]func(*seen){
		"testdata/fake.pem":           func(*seen) {},
		"testdata/fake-newformat.pem": func(s *seen) { s.Holder = ca.DN() },
	} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(data)
		all, err := voms.Read(parsed(t, block.Bytes))
		if err != nil || len(all) != 1 {
			t.Fatalf("%s: %d attribute certificates, %v", file, len(all), err)
		}
		want := plain()
		change(&want)
		if diff := cmp.Diff(want, look(all[0])); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
		if err := all[0].Signers[0].CheckSignature(all[0].Algorithm, all[0].Signed, all[0].Signature); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestUntimely: five minutes more on either side count (arc-behaviour V4).
func TestUntimely(t *testing.T) {
	ac := &voms.Certificate{NotBefore: pki.Now, NotAfter: pki.Now.Add(time.Hour)}
	for after, want := range map[time.Duration]bool{
		-6 * time.Minute: true, -4 * time.Minute: false, 0: false, 64 * time.Minute: false, 66 * time.Minute: true,
	} {
		if got := ac.Untimely(pki.Now.Add(after)); got != want {
			t.Errorf("%s after its beginning: %v", after, got)
		}
	}
}

// readLSC reads an .lsc file as a site has it.
func readLSC(t *testing.T, text string) *gridsec.LSC {
	t.Helper()
	tree := rootfs.NewMem()
	if err := tree.WriteFile("/v/dune/voms.example.org.lsc", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return gridsec.NewReader(tree).VOMSDir("/v").VOs[0].LSCs[0]
}

// TestAdmits holds the comparison with .lsc files to what was measured.
func TestAdmits(t *testing.T) {
	subject, issuer := server.DN(), ca.DN()
	right := subject + "\n" + issuer + "\n"
	slash := pki.New(pki.Spec{Subject: `/DC=org/DC=example/CN=host\/voms.example.org`, Issuer: ca, Key: "rsa4"})
	umlaut := pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=vöms.example.org", Issuer: ca, Key: "rsa4"})
	for name, c := range map[string]struct {
		text   string
		signer *pki.Entity
		want   voms.How
	}{
		"right":                             {right, server, voms.Names},
		"subject wrong":                     {subject + "x\n" + issuer, server, voms.No},
		"CA wrong":                          {subject + "\n" + issuer + "x", server, voms.No},
		"subject only":                      {subject, server, voms.AnyName},
		"CA only":                           {issuer, server, voms.AnyName},
		"wrong subject only":                {"/CN=elsewhere", server, voms.AnyName},
		"a comment only":                    {"# to do", server, voms.AnyName},
		"empty":                             {"", server, voms.No},
		"a blank":                           {" \n" + right, server, voms.No},
		"no newline at end":                 {strings.TrimSpace(right), server, voms.Names},
		"CRLF":                              {strings.ReplaceAll(right, "\n", "\r\n"), server, voms.No},
		"trailing blank":                    {subject + " \n" + issuer + "\n", server, voms.No},
		"comment first":                     {"# dune\n" + right, server, voms.No},
		"blank line between":                {subject + "\n\n" + issuer + "\n", server, voms.Names},
		"three lines":                       {right + "/DC=org/CN=Root\n", server, voms.Names},
		"four lines":                        {right + "/CN=a\n/CN=b\n", server, voms.No},
		"two chains, the second is right":   {"/CN=a\n/CN=b\n------ NEXT CHAIN ------\n" + right, server, voms.Names},
		"two chains without separator":      {"/CN=a\n/CN=b\n" + right, server, voms.No},
		"a pattern":                         {"^/DC=org/.*$", server, voms.Pattern},
		"a pattern that misses the CA":      {"^.*/CN=voms.*$", server, voms.Unclear}, // it is not shown
		"a pattern of the subject alone":    {"^/DC=org/DC=example/CN=voms.*$", server, voms.No},
		"a pattern that cannot be compiled": {"^/(DC$", server, voms.Unclear},
		"quoted":                            {`"` + subject + "\"\n\"" + issuer + `"`, server, voms.No},
		"lower case":                        {strings.ToLower(right), server, voms.No},
		"slash escaped":                     {`/DC=org/DC=example/CN=host\/voms.example.org` + "\n" + issuer, slash, voms.Names},
		"slash as it is published":          {"/DC=org/DC=example/CN=host/voms.example.org\n" + issuer, slash, voms.No},
		"UTF-8 escaped":                     {`/DC=org/DC=example/CN=v\xC3\xB6ms.example.org` + "\n" + issuer, umlaut, voms.Names},
		"UTF-8 raw":                         {"/DC=org/DC=example/CN=vöms.example.org\n" + issuer, umlaut, voms.No},
		"after a NUL":                       {"\x00" + right, server, voms.No},
		"separator first":                   {"--NEXT CHAIN--\n" + right, server, voms.Names},
	} {
		if got := voms.Admits(readLSC(t, c.text), []*gridsec.Certificate{parsed(t, c.signer.Cert)}); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestAdmitsAbove: with two certificates in hand three lines are compared.
func TestAdmitsAbove(t *testing.T) {
	sub := pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=Sub CA", Issuer: ca, IsCA: pki.True, Key: "rsa6"})
	low := pki.New(pki.Spec{Subject: "/CN=voms.example.org", Issuer: sub, Key: "rsa4"})
	signers := []*gridsec.Certificate{parsed(t, low.Cert), parsed(t, sub.Cert)}
	for text, want := range map[string]voms.How{
		low.DN() + "\n" + sub.DN():                          voms.Names,
		low.DN() + "\n" + sub.DN() + "\n" + ca.DN():         voms.Names,
		low.DN() + "\n" + sub.DN() + "\n" + "/CN=x":         voms.No,
		low.DN() + "\n" + ca.DN():                           voms.No,
		low.DN() + "\n" + sub.DN() + "\n/CN=x\n/CN=y\n/CN=": voms.No,
	} {
		if got := voms.Admits(readLSC(t, text), signers); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
	if got := voms.Admits(readLSC(t, "/CN=x"), nil); got != voms.No {
		t.Errorf("without a signer: %d", got)
	}
}

// FuzzRead: nothing that a client sends stops the reader, and what it gives is bounded.
func FuzzRead(f *testing.F) {
	f.Add(pki.Attributes(sound).Value)
	f.Add(pki.Attributes(sound, sound).Value)
	odd := sound
	odd.Targets, odd.Critical, odd.Generic, odd.URI = []string{"a"}, true, true, "://:"
	f.Add(pki.Attributes(odd).Value)
	in := parsed(&testing.T{}, jane.Cert)
	f.Fuzz(func(t *testing.T, der []byte) {
		c := *in
		own := *in.Certificate
		own.Extensions = []pkix.Extension{{Id: pki.Attributes().Id, Value: der}}
		c.Certificate = &own
		all, err := voms.Read(&c)
		if err != nil && all != nil {
			t.Error("an error, and attribute certificates")
		}
		for _, ac := range all {
			if len(ac.Attributes()) == 0 || len(ac.Signers) > 16 || len(ac.FQANs) > 1000 || ac.Untimely(pki.Now) && ac.NotBefore.Before(pki.Now) && ac.NotAfter.After(pki.Now) {
				t.Errorf("%+v", ac)
			}
		}
	})
}
