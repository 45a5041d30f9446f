package openssl_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/rootfs"
)

// opensslCases is how many random worlds are compared, each for both purposes.
const opensslCases = 250

// TestAgainstOpenSSL compares the Engine with `openssl verify` on random PKIs:
// whether a chain is accepted, and the first fault.
func TestAgainstOpenSSL(t *testing.T) {
	program, profile := findOpenSSL(t)
	seed := uint64(2)
	if s := os.Getenv("VERIFY_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	var outcomes tally
	t.Cleanup(func() { outcomes.wantAll(t) })
	for n := range uint64(opensslCases) {
		t.Run(fmt.Sprint(seed, "-", n), func(t *testing.T) {
			t.Parallel()
			r := &random{Rand: rand.New(rand.NewPCG(seed, n))}
			dir := t.TempDir()
			chain := r.world(t, dir)
			for _, purpose := range []openssl.Purpose{openssl.Server, openssl.Client} {
				got := engineAt(t, dir, profile).Verify(certificates(t, chain), purpose, pki.Now)
				outcomes.add(got.Reason)
				want := askOpenSSL(t, program, dir, chain, purpose)
				if !slices.Contains(want, got.Reason) {
					t.Errorf("%s: %s, OpenSSL says %v\n%s%s", purpose, got.Reason, want, story(got), r.log.String())
				}
			}
		})
	}
}

// tally counts how the cases ended.
type tally struct {
	mu     sync.Mutex
	counts map[openssl.Reason]int
}

func (c *tally) add(r openssl.Reason) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[openssl.Reason]int{}
	}
	c.counts[r]++
}

// wantAll fails where an important outcome was not compared.
func (c *tally) wantAll(t *testing.T) {
	for _, reason := range []openssl.Reason{
		openssl.OK, openssl.NoAnchor, openssl.Expired, openssl.NotYetValid, openssl.Revoked, openssl.CRLExpired, openssl.WrongPurpose,
		openssl.NotACA, openssl.PathLength, openssl.NameConstraint, openssl.BadSignature, openssl.WeakKey,
	} {
		if c.counts[reason] == 0 {
			t.Errorf("no case ended with %s: %v", reason, c.counts)
		}
	}
}

// findOpenSSL gives the program and the profile of its version. Whether an
// unreadable HASH.0 hides HASH.1 differs between patch releases of one version
// (3.0.20 and 3.0.22), so that the program is asked.
func findOpenSSL(t *testing.T) (string, openssl.Profile) {
	program, profile := versionOf(t)
	profile.SkipsUnreadable = skipsUnreadable(t, program)
	return program, profile
}

func skipsUnreadable(t *testing.T, program string) bool {
	dir := t.TempDir()
	root := pki.New(pki.Spec{Subject: "/CN=Root", Key: "rsa1", IsCA: pki.True})
	leaf := pki.New(pki.Spec{Subject: "/CN=host.example.org", Key: "rsa2", Issuer: root})
	for name, data := range map[string][]byte{".0": []byte("garbage\n"), ".1": root.PEM()} {
		write(t, filepath.Join(dir, "ca", root.Hash()+name), data)
	}
	return firstError(t, program, dir, []*pki.Entity{leaf}, openssl.Server) == 0
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func versionOf(t *testing.T) (string, openssl.Profile) {
	program := os.Getenv("OPENSSL")
	if program == "" {
		program = "openssl"
	}
	out, err := exec.Command(program, "version").Output()
	if err != nil {
		t.Skipf("openssl cannot be asked: install openssl (%v)", err)
	}
	version := strings.Fields(string(out))[1]
	profile, ok := openssl.ProfileOf(version)
	if !ok {
		t.Skipf("openssl is %s, whose differences are not known: install 3.0, 3.5 or 3.6", version)
	}
	return program, profile
}

func engineAt(t *testing.T, dir string, profile openssl.Profile) *openssl.Engine {
	tree, err := rootfs.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	store := openssl.NewStore([]*gridsec.Dir{gridsec.NewReader(tree).Dir("/ca")}, nil)
	return &openssl.Engine{Store: store, Profile: profile}
}

// askOpenSSL gives the reasons that fit OpenSSL's first error. ARC forgives that
// there is no CRL, so that OpenSSL is then asked without.
func askOpenSSL(t *testing.T, program, dir string, chain []*pki.Entity, p openssl.Purpose) []openssl.Reason {
	t.Helper()
	code := firstError(t, program, dir, chain, p, "-crl_check")
	if code == noCRL {
		code = firstError(t, program, dir, chain, p)
	}
	reasons, ok := reasonOf[code]
	if !ok {
		t.Fatalf("OpenSSL's error %d has no reason", code)
	}
	return reasons
}

var errorLine = regexp.MustCompile(`(?m)^error (\d+) at \d+ depth lookup`)

func firstError(t *testing.T, program, dir string, chain []*pki.Entity, p openssl.Purpose, flags ...string) int {
	t.Helper()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	args := append([]string{"verify", "-CApath", filepath.Join(dir, "ca"), "-no-CAfile", "-no-CAstore", "-auth_level", "2",
		"-purpose", p.String(), "-allow_proxy_certs", "-attime", fmt.Sprint(pki.Now.Unix()),
		"-untrusted", write("sent.pem", pki.Chain(chain...))}, flags...)
	cmd := exec.Command(program, append(args, write("leaf.pem", chain[0].PEM()))...)
	out, err := cmd.CombinedOutput()
	if m := errorLine.FindSubmatch(out); m != nil {
		n, _ := strconv.Atoi(string(m[1]))
		return n
	}
	if err != nil || !bytes.Contains(out, []byte(": OK")) {
		t.Fatalf("openssl verify: %v\n%s", err, out)
	}
	return 0
}

// noCRL is X509_V_ERR_UNABLE_TO_GET_CRL.
const noCRL = 3

// reasonOf are the X509_V_ERR_* of OpenSSL's x509_vfy.h.
var reasonOf = map[int][]openssl.Reason{
	0:  {openssl.OK},
	1:  {openssl.Unreadable},
	2:  {openssl.NoAnchor},
	7:  {openssl.BadSignature},
	8:  {openssl.CRLBadSig},
	9:  {openssl.NotYetValid},
	10: {openssl.Expired},
	11: {openssl.CRLNotYetValid},
	12: {openssl.CRLExpired},
	18: {openssl.NoAnchor},
	19: {openssl.NoAnchor},
	20: {openssl.NoAnchor, openssl.NoIntermediate},
	21: {openssl.BadSignature},
	23: {openssl.Revoked},
	25: {openssl.PathLength},
	26: {openssl.WrongPurpose},
	28: {openssl.WrongPurpose},
	32: {openssl.NotACA},
	34: {openssl.Unreadable},
	35: {openssl.CRLBadSig},
	37: {openssl.WrongPurpose},
	38: {openssl.PathLength},
	39: {openssl.WrongPurpose},
	44: {openssl.CRLBadSig},
	47: {openssl.NameConstraint},
	48: {openssl.NameConstraint},
	66: {openssl.WeakKey},
	67: {openssl.WeakKey},
	68: {openssl.WeakKey},
	72: {openssl.NameConstraint},
	79: {openssl.NotACA},
}

// random makes PKIs that are mostly sound, with a fault here and there.
type random struct {
	*rand.Rand
	log strings.Builder
}

// one says yes once in n times.
func (r *random) one(n int) bool { return r.IntN(n) == 0 }

func pick[T any](r *random, list ...T) T { return list[r.IntN(len(list))] }

// world writes a trust directory and gives what the peer sends.
func (r *random) world(t *testing.T, dir string) []*pki.Entity {
	keys := []string{"rsa1", "rsa2", "rsa3", "rsa4", "rsa5", "rsa6", "rsa7", "rsa8", "p256-1", "p384"}
	r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	next := func() string {
		key := keys[0]
		keys = append(keys[1:], key)
		return key
	}
	var cas []*pki.Entity
	root := r.make(t, pki.Spec{Subject: "/O=Random/CN=Root", Key: next()})
	cas = append(cas, root)
	issuer := root
	var below []*pki.Entity
	for i := range r.IntN(3) {
		ca := r.make(t, pki.Spec{Subject: fmt.Sprintf("/O=Random/CN=CA %d", i), Key: next(), Issuer: issuer, IsCA: pki.True})
		if r.one(8) { // another certificate of the same CA, by the same or another issuer
			spec := ca.Spec
			spec.Issuer, spec.Serial = pick(r, root, issuer), nil
			below = append(below, r.make(t, spec))
		}
		if r.one(10) { // self-issued: a new key under the old name
			ca = r.make(t, pki.Spec{Subject: ca.Spec.Subject, Key: next(), Issuer: ca, IsCA: pki.True})
		}
		below = append(below, ca)
		issuer = ca
	}
	if r.one(6) { // the root signed by another root
		second := r.make(t, pki.Spec{Subject: "/O=Random/CN=Root 2", Key: next()})
		cross := r.make(t, pki.Spec{Subject: root.Spec.Subject, Key: root.Spec.Key, Issuer: second, IsCA: pki.True})
		cas, below = append(cas, second), append(below, cross)
	}
	if r.one(6) { // an impostor
		cas = append(cas, r.make(t, pki.Spec{Subject: root.Spec.Subject, Key: next()}))
	}
	leaf := r.leaf(t, issuer, next)
	chain := []*pki.Entity{leaf}
	for range r.IntN(3) * r.IntN(2) {
		leaf = r.proxy(t, leaf, next())
		chain = append([]*pki.Entity{leaf}, chain...)
	}
	if err := os.Mkdir(filepath.Join(dir, "ca"), 0o755); err != nil {
		t.Fatal(err)
	}
	sent := r.send(below, cas)
	r.install(t, filepath.Join(dir, "ca"), cas, below, chain)
	r.revoke(t, filepath.Join(dir, "ca"), append(slices.Clone(cas), below...), chain[len(chain)-1])
	return append(chain, sent...)
}

func (r *random) make(t *testing.T, s pki.Spec) *pki.Entity {
	r.spoil(&s)
	e, err := pki.Make(s)
	if err == nil && e.Parsed == nil { // crypto/x509 is stricter than OpenSSL: make a sound one
		e, err = pki.Make(pki.Spec{Subject: s.Subject, Key: s.Key, Issuer: s.Issuer, IsCA: s.IsCA, Proxy: s.Proxy})
	}
	if err != nil {
		t.Fatal(err)
	}
	issuer := "itself"
	if s.Issuer != nil {
		issuer = s.Issuer.DN() + " " + s.Issuer.Spec.Key
	}
	s.Issuer = nil
	fmt.Fprintf(&r.log, "  made %s by %s: %+v\n", e.DN(), issuer, s)
	return e
}

// spoil puts in, rarely, one of the faults and oddities that OpenSSL looks at.
func (r *random) spoil(s *pki.Spec) {
	if !r.one(5) {
		return
	}
	switch r.IntN(22) {
	case 0:
		s.NotAfter = pki.Now.Add(-time.Duration(r.IntN(2)) * time.Hour)
		s.NotBefore = s.NotAfter.AddDate(-1, 0, 0)
	case 1:
		s.NotBefore = pki.Now.Add(time.Duration(r.IntN(2)) * time.Hour)
	case 2:
		s.WrongSignature = true
	case 3:
		s.SHA1 = s.Key != "ed25519"
	case 4:
		s.NoBasicConstraints = true
	case 5:
		s.NoBasicConstraints, s.NoKeyUsage = true, true
	case 6:
		s.IsCA = pick(r, pki.True, pki.False)
	case 7:
		s.PathLen = pki.Int(r.IntN(2))
	case 8:
		s.KeyUsage = pick(r, x509.KeyUsageCertSign, x509.KeyUsageCRLSign, x509.KeyUsageDigitalSignature, x509.KeyUsageKeyEncipherment, x509.KeyUsageKeyAgreement)
	case 9:
		s.EKU = pick(r, []string{"serverAuth"}, []string{"clientAuth"}, []string{"serverAuth", "clientAuth"}, []string{"any"}, []string{"codeSigning"})
	case 10:
		s.NoAKI = true
	case 11:
		s.WrongAKI = true
	case 12:
		s.NoSKI = true
	case 13:
		s.V1 = s.Proxy == nil
	case 14, 15:
		s.PermittedDNS = []string{pick(r, "example.org", ".example.org", "example.com", "host.example.org")}
	case 16:
		s.ExcludedDNS = []string{pick(r, "example.org", "example.com")}
	case 17:
		s.PermittedDN = []string{pick(r, "/O=Random", "/O= RANDOM  ", "/O=Other")}
	case 18:
		oid := pick(r, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1}, asn1.ObjectIdentifier{2, 5, 29, 32})
		s.Extensions = append(s.Extensions, pkix.Extension{Id: oid, Critical: r.one(2), Value: []byte{0x30, 0}})
	case 19, 20:
		s.Extensions = append(s.Extensions, r.constraint())
	case 21:
		s.Key = pick(r, "rsa1024-1", "rsa3072", "p521", "ed25519")
	}
}

// constraint is a name constraint of a kind that Spec does not write.
func (r *random) constraint() pkix.Extension {
	name := pick(r,
		asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 1, Bytes: []byte(pick(r, "example.org", ".example.org", "a@example.org", "@example.org"))},
		asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 6, Bytes: []byte(pick(r, "host.example.org", ".example.org"))},
		asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 7, Bytes: pick(r, []byte{192, 0, 2, 0, 255, 255, 255, 0}, []byte{198, 51, 100, 0, 255, 255, 255, 0})},
	)
	tree, err := asn1.Marshal(struct{ Base asn1.RawValue }{name})
	if err != nil {
		panic(err) // it is well formed
	}
	trees := asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: r.IntN(2), IsCompound: true, Bytes: tree}
	der, err := asn1.Marshal(struct{ Trees asn1.RawValue }{trees})
	if err != nil {
		panic(err) // it is well formed
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: true, Value: der}
}

func (r *random) leaf(t *testing.T, issuer *pki.Entity, next func() string) *pki.Entity {
	s := pki.Spec{Subject: pick(r, "/O=Random/CN=host.example.org", "/O=Random/CN=Jane Doe", "/O=Other/CN=host.example.com", "/DC=org/CN=host.example.org/emailAddress=a@example.org"), Key: next(), Issuer: issuer}
	switch r.IntN(3) {
	case 0:
		s.EKU = world.BothUses
	case 1:
		s.DNSNames = []string{pick(r, "host.example.org", "example.org", "host.example.com", "*.example.org")}
	}
	if r.one(3) {
		s.Emails = []string{pick(r, "a@example.org", "A@EXAMPLE.ORG", "b@host.example.org", "a@example.com")}
		s.URIs = []string{pick(r, "https://host.example.org/x", "https://host.example.com:8443/", "spiffe://example.org/y")}
		s.IPs = []net.IP{net.ParseIP(pick(r, "192.0.2.1", "198.51.100.7", "2001:db8::1"))}
	}
	if r.one(30) {
		s.Issuer, s.IsCA = nil, pki.False
	}
	return r.make(t, s)
}

func (r *random) proxy(t *testing.T, issuer *pki.Entity, key string) *pki.Entity {
	p := &pki.Proxy{Language: pick(r, "inherit", "limited", "independent"), Legacy: r.one(6)}
	if r.one(4) {
		p.PathLen = pki.Int(r.IntN(2))
	}
	if p.Legacy {
		p.Language = ""
	}
	return r.make(t, pki.Spec{Issuer: issuer, Key: key, Proxy: p})
}

// send is what the peer sends beside the leaf: mostly everything below the root.
func (r *random) send(below, cas []*pki.Entity) []*pki.Entity {
	var sent []*pki.Entity
	for _, e := range below {
		if !r.one(8) {
			sent = append(sent, e)
		}
		if r.one(12) {
			sent = append(sent, e)
		}
	}
	for _, e := range cas {
		if r.one(4) {
			sent = append(sent, e)
		}
	}
	if r.one(2) {
		r.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
	} else {
		slices.Reverse(sent)
	}
	for _, e := range sent {
		fmt.Fprintf(&r.log, "  sent %s key %s\n", e.DN(), e.Spec.Key)
	}
	return sent
}

// install puts certificates into the directory, mostly the roots.
func (r *random) install(t *testing.T, dir string, cas, below, chain []*pki.Entity) {
	var list []*pki.Entity
	for _, e := range cas {
		if !r.one(16) {
			list = append(list, e)
		}
	}
	for _, e := range below {
		if r.one(5) {
			list = append(list, e)
		}
	}
	if r.one(10) {
		list = append(list, chain[len(chain)-1])
	}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	numbers := map[string]int{}
	for _, e := range list {
		n := numbers[e.Hash()]
		if r.one(40) {
			r.file(t, dir, fmt.Sprintf("%s.%d", e.Hash(), n), []byte("garbage\n"))
			n++
		}
		if r.one(60) {
			n++ // a gap
		}
		numbers[e.Hash()] = n + 1
		r.file(t, dir, fmt.Sprintf("%s.%d", e.Hash(), n), r.form(t, e, list))
	}
}

// form is the certificate as some CA or administrator wrote it down.
func (r *random) form(t *testing.T, e *pki.Entity, list []*pki.Entity) []byte {
	switch r.IntN(14) {
	case 0:
		return pki.CRLF(e.PEM())
	case 1:
		return pki.After("Subject: "+e.DN(), e.PEM())
	case 2:
		return pki.Chain(list...)
	case 3:
		return pki.PEM("X509 CERTIFICATE", e.Cert)
	case 4:
		pem, err := e.TrustedPEM(pick(r, nil, []string{"serverAuth"}, []string{"clientAuth"}, []string{"any"}), pick(r, nil, nil, []string{"clientAuth"}))
		if err != nil {
			t.Fatal(err)
		}
		return pem
	case 5:
		return e.Cert
	}
	return e.PEM()
}

// revoke puts CRLs into the directory.
func (r *random) revoke(t *testing.T, dir string, cas []*pki.Entity, leaf *pki.Entity) {
	numbers := map[string]int{}
	for _, ca := range cas {
		for range r.IntN(4) / 2 {
			var s pki.CRLSpec
			switch r.IntN(7) {
			case 0:
				s.ThisUpdate, s.NextUpdate = pki.Now.AddDate(0, -2, 0), pki.Now.Add(-time.Duration(r.IntN(2))*time.Hour)
			case 1:
				s.ThisUpdate = pki.Now.Add(time.Duration(r.IntN(2)) * time.Hour)
			case 2:
				s.WrongSignature = true
			case 3, 4:
				s.Revoked = world.Serials(leaf)
			case 5:
				s.NoAKI, s.NoNextUpdate = true, true
			}
			crl, err := pki.MakeCRL(ca, s)
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s.r%d", crl.Hash(), numbers[crl.Hash()])
			numbers[crl.Hash()]++
			fmt.Fprintf(&r.log, "  CRL %s of %s %+v\n", name, ca.DN(), s)
			r.file(t, dir, name, crl.PEM())
		}
	}
}

func (r *random) file(t *testing.T, dir, name string, data []byte) {
	fmt.Fprintf(&r.log, "  file %s, %d bytes, %q\n", name, len(data), data[:min(12, len(data))])
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}
