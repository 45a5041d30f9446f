// Package mint makes throw-away certificates in memory, for requests that a CE
// should turn away. Their keys live as long as the program.
package mint

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"

	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
)

// Chain is the chain of a client, leaf first.
type Chain struct {
	ID    string // "cert-expired"
	Certs []*gridsec.Certificate
}

// Set is a CA and chains, most of them below it.
type Set struct {
	Root   *gridsec.File // a self-signed CA
	Chains []Chain
}

// Name is the subject of every end-entity certificate, in one line.
const Name = "/DC=net/DC=example/CN=Anybody"

// Make makes the set for a time. The error is that of the random source.
func Make(now time.Time) (Set, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return Set{}, err
	}
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		return Set{}, err
	}
	m := &minter{key: key, now: now, tree: rootfs.NewMem()}
	root := m.make(m.ca("Some CA"), nil)
	stranger := m.make(m.ca("Some Other CA"), nil)
	person, other := m.make(m.person(), root), m.make(m.named("Somebody"), root)
	chains := []struct {
		id    string
		certs []*x509.Certificate
	}{
		{"cert-good", list(person)},
		{"cert-expired", list(m.make(m.until(m.person(), -time.Hour), root))},
		{"cert-early", list(m.make(m.from(m.person(), time.Hour), root))},
		{"cert-server", list(m.make(m.server(), root))},
		{"cert-weak", list(m.sign(m.person(), root, weak))},
		{"cert-not-ca", list(m.make(m.person(), other), other)},
		{"cert-self-signed", list(m.make(m.person(), nil))},
		{"cert-other-ca", list(m.make(m.person(), stranger), stranger)},
		{"proxy-expired", list(m.make(m.until(m.proxy(), -time.Hour), person), person)},
		{"proxy-legacy", list(m.make(m.legacy(), person), person)},
		{"proxy-limited", list(m.make(m.limited(), person), person)},
	}
	var set Set
	set.Root = m.read("root", root)
	for _, c := range chains {
		f := m.read(c.id, c.certs...)
		set.Chains = append(set.Chains, Chain{ID: c.id, Certs: f.Certificates})
	}
	return set, m.err
}

func list(certs ...*x509.Certificate) []*x509.Certificate { return certs }

// minter makes certificates, all with one key. The first error stays.
type minter struct {
	key    *rsa.PrivateKey
	now    time.Time
	tree   *rootfs.Mem
	serial int64
	err    error
}

func (m *minter) make(template *x509.Certificate, issuer *x509.Certificate) *x509.Certificate {
	return m.sign(template, issuer, m.key)
}

// sign makes a certificate of a public key; without an issuer it signs itself.
func (m *minter) sign(template, issuer *x509.Certificate, subject *rsa.PrivateKey) *x509.Certificate {
	if m.err != nil {
		return nil
	}
	if issuer == nil {
		issuer = template
	}
	m.serial++
	template.SerialNumber = big.NewInt(m.serial)
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, &subject.PublicKey, m.key)
	if err != nil {
		m.err = err
		return nil
	}
	cert, err := x509.ParseCertificate(der)
	m.err = err
	return cert
}

// read gives the certificates as gridsec reads a file with them.
func (m *minter) read(name string, certs ...*x509.Certificate) *gridsec.File {
	if m.err != nil {
		return &gridsec.File{}
	}
	var text []byte
	for _, c := range certs {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	path := "/" + name + ".pem"
	if m.err = m.tree.WriteFile(path, text, 0o644); m.err != nil {
		return &gridsec.File{}
	}
	f := gridsec.NewReader(m.tree).File(path)
	if f.Err != nil || len(f.Certificates) != len(certs) {
		m.err = fmt.Errorf("the made-up chain %s cannot be read", name)
	}
	return f
}

const day = 24 * time.Hour

func (m *minter) template(names ...string) *x509.Certificate {
	dc := asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 25}
	cn := asn1.ObjectIdentifier{2, 5, 4, 3}
	subject := pkix.RDNSequence{
		{{Type: dc, Value: asn1.RawValue{Tag: asn1.TagIA5String, Bytes: []byte("net")}}},
		{{Type: dc, Value: asn1.RawValue{Tag: asn1.TagIA5String, Bytes: []byte("example")}}},
	}
	for _, name := range names {
		subject = append(subject, pkix.RelativeDistinguishedNameSET{{Type: cn, Value: asn1.RawValue{Tag: asn1.TagUTF8String, Bytes: []byte(name)}}})
	}
	raw, err := asn1.Marshal(subject)
	if err != nil {
		m.err = err
	}
	return &x509.Certificate{RawSubject: raw, NotBefore: m.now.Add(-day), NotAfter: m.now.Add(30 * day)}
}

func (m *minter) ca(name string) *x509.Certificate {
	c := m.template(name)
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	return c
}

func (m *minter) person() *x509.Certificate { return m.named("Anybody") }

func (m *minter) named(name string) *x509.Certificate {
	c := m.template(name)
	c.BasicConstraintsValid, c.KeyUsage = true, x509.KeyUsageDigitalSignature|x509.KeyUsageKeyEncipherment
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	return c
}

func (m *minter) server() *x509.Certificate {
	c := m.person()
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	return c
}

func (m *minter) until(c *x509.Certificate, after time.Duration) *x509.Certificate {
	c.NotAfter = m.now.Add(after)
	return c
}

func (m *minter) from(c *x509.Certificate, after time.Duration) *x509.Certificate {
	c.NotBefore = m.now.Add(after)
	return c
}

// Languages of proxies: RFC 3820 section 3.8.2, and that of Globus for limited ones.
func (m *minter) proxy() *x509.Certificate   { return m.proxyOf(1, 3, 6, 1, 5, 5, 7, 21, 1) }
func (m *minter) limited() *x509.Certificate { return m.proxyOf(1, 3, 6, 1, 4, 1, 3536, 1, 1, 1, 9) }

func (m *minter) proxyOf(language ...int) *x509.Certificate {
	type policy struct{ Language asn1.ObjectIdentifier }
	info, err := asn1.Marshal(struct{ Policy policy }{policy{language}})
	if err != nil {
		m.err = err
	}
	c := m.template("Anybody", "12345")
	c.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 14}, Critical: true, Value: info}}
	return c
}

// legacy is a proxy of Globus before RFC 3820: a name and nothing else.
func (m *minter) legacy() *x509.Certificate {
	c := m.template("Anybody", "proxy")
	c.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	return c
}
