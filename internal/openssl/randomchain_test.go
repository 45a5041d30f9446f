package openssl_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"time"

	"arclint/fixtures/pki"
)

// chain makes a PKI that is mostly sound, puts it into the trust directory and
// gives what the peer sends.
func (r *random) chain() []*pki.Entity {
	root := r.make(pki.Spec{Subject: r.name("CN=Root"), Key: r.key()})
	cas, below, issuer := r.authorities(root)
	if r.one(6) { // the root signed by another root
		second := r.make(pki.Spec{Subject: r.name("CN=Root 2"), Key: r.key()})
		cross := r.make(pki.Spec{Subject: root.Spec.Subject, Key: root.Spec.Key, Issuer: second, IsCA: pki.True})
		cas, below = append(cas, second), append(below, cross)
	}
	if r.one(6) { // an impostor
		cas = append(cas, r.make(pki.Spec{Subject: root.Spec.Subject, Key: pick(r, root.Spec.Key, r.key()), NotAfter: pki.Now.AddDate(3, 0, 0)}))
	}
	leaf := r.leaf(issuer)
	chain := []*pki.Entity{leaf}
	for range r.IntN(3) * r.IntN(2) * r.IntN(2) {
		leaf = r.proxy(leaf, r.key())
		chain = append([]*pki.Entity{leaf}, chain...)
	}
	sent := r.send(below, cas)
	r.install(cas, below, chain)
	r.revoke(append(slices.Clone(cas), below...), chain[len(chain)-1])
	return append(chain, sent...)
}

// name is a name of this draw.
func (r *random) name(rest string) string { return "/O=Random " + r.tag + "/" + rest }

// authorities are the CAs below the root; the last of them issues the leaf.
func (r *random) authorities(root *pki.Entity) (cas, below []*pki.Entity, issuer *pki.Entity) {
	cas, issuer = []*pki.Entity{root}, root
	for i := range r.IntN(3) {
		ca := r.make(pki.Spec{Subject: r.name(fmt.Sprintf("CN=CA %d", i)), Key: r.key(), Issuer: issuer, IsCA: pki.True})
		if r.one(8) { // another certificate of the same CA, by the same or another issuer
			spec := ca.Spec
			spec.Issuer, spec.Serial = pick(r, root, issuer), nil
			below = append(below, r.make(spec))
		}
		if r.one(10) { // self-issued: a new key under the old name
			ca = r.make(pki.Spec{Subject: ca.Spec.Subject, Key: r.key(), Issuer: ca, IsCA: pki.True})
		}
		below = append(below, ca)
		issuer = ca
	}
	return cas, below, issuer
}

func (r *random) make(s pki.Spec) *pki.Entity {
	if r.in(faults, 2) {
		r.spoil(&s)
	}
	if r.in(names, 2) && s.Proxy == nil {
		s.Extensions = append(s.Extensions, r.constraint())
	}
	e, err := pki.Make(s)
	if err == nil && !readable(r.t, e) { // crypto/x509 is stricter than OpenSSL: make a sound one
		e, err = pki.Make(pki.Spec{Subject: s.Subject, Key: s.Key, Issuer: s.Issuer, IsCA: s.IsCA, Proxy: s.Proxy})
	}
	if err != nil {
		r.t.Fatal(err)
	}
	issuer := "itself"
	if s.Issuer != nil {
		issuer = s.Issuer.DN() + " " + s.Issuer.Spec.Key
	}
	s.Issuer = nil
	fmt.Fprintf(&r.log, "  made %s by %s: %+v\n", e.DN(), issuer, s)
	return e
}

// spoil puts in one of the faults and oddities that OpenSSL looks at.
func (r *random) spoil(s *pki.Spec) {
	switch r.IntN(26) {
	case 0:
		s.NotAfter = pki.Now.Add(-time.Duration(r.IntN(2)) * time.Hour)
		s.NotBefore = s.NotAfter.AddDate(-1, 0, 0)
	case 1, 22, 23:
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
		s.EKU = pick(r, []string{"serverAuth"}, []string{"clientAuth"}, []string{"serverAuth", "clientAuth"}, []string{"any"}, []string{"codeSigning"}, []string{"1.3.6.1.4.1.311.10.3.3"})
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
		s.PermittedDN = []string{pick(r, r.name("")[:len(r.name(""))-1], "/O= RANDOM  "+r.tag+" ", "/O=Other")}
	case 18:
		oid := pick(r, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1}, asn1.ObjectIdentifier{2, 5, 29, 32})
		s.Extensions = append(s.Extensions, pkix.Extension{Id: oid, Critical: r.one(2), Value: []byte{0x30, 0}})
	case 19:
		s.Key = pick(r, "rsa1024-1", "rsa3072", "p521", "ed25519")
	case 20:
		s.NoAKI, s.Extensions = true, append(s.Extensions, r.keyIdentifier(s.Issuer))
	default:
		r.rewrite(s)
	}
}

// rewrite puts in an extension that openssl's configuration does not write, mostly
// instead of the one that the Spec makes.
func (r *random) rewrite(s *pki.Spec) {
	e := pick(r, oddExtensions()...)
	switch e.Id.String() {
	case "2.5.29.19":
		s.NoBasicConstraints = !r.one(6)
	case "2.5.29.15":
		s.NoKeyUsage = !r.one(6)
	case "2.5.29.14":
		s.NoSKI = !r.one(6)
	case "2.5.29.35":
		s.NoAKI = !r.one(6)
	case "2.16.840.1.113730.1.1":
		s.NoBasicConstraints, s.NoKeyUsage = r.one(2), r.one(2)
	}
	s.Extensions = append(s.Extensions, e)
}

// keyIdentifier is an authorityKeyIdentifier with issuer and serial number, right
// or wrong.
func (r *random) keyIdentifier(issuer *pki.Entity) pkix.Extension {
	if issuer == nil {
		issuer = pki.New(pki.Spec{Subject: "/CN=Nobody", Key: "p256-1"})
	}
	var id struct {
		Issuer []asn1.RawValue `asn1:"optional,omitempty,tag:1"`
		Serial asn1.RawValue   `asn1:"optional"`
	}
	read := certificates(r.t, []*pki.Entity{issuer})[0]
	directory := read.RawIssuer
	if r.one(3) {
		directory = read.RawSubject
	}
	id.Issuer = []asn1.RawValue{rawName(nameTags["DN"], string(directory))}
	if r.one(4) {
		id.Issuer = append([]asn1.RawValue{rawName(nameTags["DNS"], "example.org")}, id.Issuer...)
	}
	if !r.one(3) {
		serial := read.SerialNumber.Bytes()
		id.Serial = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 2, Bytes: append([]byte{0}, serial...)}
		if serial[0] < 0x80 {
			id.Serial.Bytes = serial
		}
		if r.one(4) {
			id.Serial.Bytes = []byte{1}
		}
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 35}, Value: marshal(id)}
}

func (r *random) leaf(issuer *pki.Entity) *pki.Entity {
	s := pki.Spec{Key: r.key(), Issuer: issuer, Subject: pick(r, r.name("CN=host.example.org"), r.name("CN=Jane Doe"), "/O=Other "+r.tag+"/CN=host.example.com",
		"/DC=org/DC=d"+r.tag+"/CN=host.example.org/emailAddress=a@example.org", r.name("CN=one"))}
	switch r.IntN(3) {
	case 0:
		s.EKU = []string{"serverAuth", "clientAuth"}
	case 1:
		s.DNSNames = []string{pick(r, "host.example.org", "example.org", "host.example.com", "*.example.org")}
	}
	if r.in(names, 1) {
		r.altNames(&s)
	}
	if r.in(lists, 2) {
		s.Extensions = append(s.Extensions, r.distributionPoints(issuer))
	}
	if r.in(lists, 8) {
		s.IsCA = pki.True
	}
	if r.one(30) {
		s.Issuer, s.IsCA = nil, pki.False
	}
	return r.make(s)
}

func (r *random) proxy(issuer *pki.Entity, key string) *pki.Entity {
	p := &pki.Proxy{Language: pick(r, "inherit", "limited", "independent"), Legacy: r.one(6)}
	if r.one(4) {
		p.PathLen = pki.Int(r.IntN(2))
	}
	if p.Legacy {
		p.Language = ""
	}
	return r.make(pki.Spec{Issuer: issuer, Key: key, Proxy: p})
}

// send is what the peer sends beside the leaf: mostly everything below the root.
func (r *random) send(below, cas []*pki.Entity) []*pki.Entity {
	var sent []*pki.Entity
	for _, e := range below {
		if !r.in(places, 8) {
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
func (r *random) install(cas, below, chain []*pki.Entity) {
	var list []*pki.Entity
	for _, e := range cas {
		if !r.in(places, 8) {
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
		if r.in(places, 12) {
			r.file(fmt.Sprintf("%s.%d", e.Hash(), n), []byte("garbage\n"))
			n++
		}
		if r.in(places, 20) {
			n++ // a gap
		}
		numbers[e.Hash()] = n + 1
		r.file(fmt.Sprintf("%s.%d", e.Hash(), n), r.form(e, list))
	}
}

// form is the certificate as some CA or administrator wrote it down.
func (r *random) form(e *pki.Entity, list []*pki.Entity) []byte {
	if !r.in(places, 2) {
		return e.PEM()
	}
	switch r.IntN(8) {
	case 0:
		return pki.CRLF(e.PEM())
	case 1:
		return pki.After("Subject: "+e.DN(), e.PEM())
	case 2:
		return pki.Chain(list...)
	case 3:
		return pki.PEM("X509 CERTIFICATE", e.Cert)
	case 4:
		return append(e.PEM(), pki.PEM("CERTIFICATE", []byte("broken"))...)
	case 5:
		return e.Cert
	}
	pem, err := e.TrustedPEM(pick(r, nil, []string{"serverAuth"}, []string{"clientAuth"}, []string{"any"}), pick(r, nil, nil, []string{"clientAuth"}))
	if err != nil {
		r.t.Fatal(err)
	}
	return pem
}
