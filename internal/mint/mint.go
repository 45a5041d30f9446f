// Package mint makes throw-away certificates in memory, for requests that a CE
// should turn away, and an issuer of tokens. Their keys live as long as the
// program, and are written nowhere.
package mint

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"time"

	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
)

// Chain is the chain of a client, leaf first.
type Chain struct {
	ID    string // "cert-expired"
	Certs []*gridsec.Certificate
	TLS   tls.Certificate // the same with its key
}

// Set is a CA and chains, most of them below it.
type Set struct {
	Root   *gridsec.File // a self-signed CA
	Chains []Chain
	CRL    []byte // of the CA, in PEM: it revokes cert-revoked
}

// ByID are the chains by their ID.
func (s Set) ByID() map[string][]*gridsec.Certificate {
	all := map[string][]*gridsec.Certificate{}
	for _, chain := range s.Chains {
		all[chain.ID] = chain.Certs
	}
	return all
}

// Make makes the set for a time. The error is that of the random source.
func Make(now time.Time) (Set, error) {
	m, err := newMinter(now)
	if err != nil {
		return Set{}, err
	}
	return m.set(m.make(m.ca("Some CA"), nil))
}

func newMinter(now time.Time) (*minter, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		return nil, err
	}
	return &minter{key: key, weak: weak, now: now, tree: rootfs.NewMem(), who: "Anybody"}, nil
}

// set makes the chains below a root.
func (m *minter) set(root *x509.Certificate, alsoRevoked ...*x509.Certificate) (Set, error) {
	stranger := m.make(m.ca("Some Other CA"), nil)
	person, other := m.make(m.person(), root), m.make(m.named("Somebody"), root)
	revoked := m.make(m.person(), root)
	chains := []struct {
		id    string
		certs []*x509.Certificate
	}{
		{Good, list(person)},
		{"dn-other", list(other)},
		{"dn-longer", list(m.make(m.named(m.who+" 2"), root))},
		{"dn-more", list(m.make(m.named(m.who, "proxy"), root))},
		{"dn-upper", list(m.make(m.named(strings.ToUpper(m.who)), root))},
		{"cert-expired", list(m.make(m.until(m.person(), -time.Hour), root))},
		{"cert-early", list(m.make(m.from(m.person(), time.Hour), root))},
		{"cert-server", list(m.make(m.server(), root))},
		{"cert-weak", list(m.sign(m.person(), root, m.weak))},
		{"cert-not-ca", list(m.make(m.person(), other), other)},
		{"cert-self-signed", list(m.make(m.person(), nil))},
		{"cert-other-ca", list(m.make(m.person(), stranger), stranger)},
		{"cert-revoked", list(revoked)},
		{"proxy-expired", list(m.make(m.until(m.proxy(), -time.Hour), person), person)},
		{"proxy-legacy", list(m.make(m.legacy(), person), person)},
		{"proxy-limited", list(m.make(m.limited(), person), person)},
	}
	var set Set
	set.Root = m.read("root", root)
	for _, c := range chains {
		f := m.read(c.id, c.certs...)
		set.Chains = append(set.Chains, Chain{ID: c.id, Certs: f.Certificates, TLS: m.withKey(c.id, c.certs)})
	}
	set.CRL = m.crl(root, append(alsoRevoked, revoked))
	return set, m.err
}

// Good is the ID of the chain that is to be accepted.
const Good = "cert-good"

func (m *minter) withKey(id string, certs []*x509.Certificate) tls.Certificate {
	pair := tls.Certificate{PrivateKey: m.key}
	if id == "cert-weak" {
		pair.PrivateKey = m.weak
	}
	for _, c := range certs {
		if c != nil {
			pair.Certificate = append(pair.Certificate, c.Raw)
		}
	}
	return pair
}

func (m *minter) crl(root *x509.Certificate, revoked []*x509.Certificate) []byte {
	if m.err != nil {
		return nil
	}
	list := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: m.now.Add(-day), NextUpdate: m.now.Add(day)}
	for _, c := range revoked {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: m.now.Add(-time.Hour)})
	}
	der, err := x509.CreateRevocationList(rand.Reader, list, root, m.key)
	m.err = err
	return pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der})
}

func list(certs ...*x509.Certificate) []*x509.Certificate { return certs }

// minter makes certificates, all with one key. The first error stays.
type minter struct {
	key    *rsa.PrivateKey
	weak   *rsa.PrivateKey
	who    string // the CN of the person
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
	return &x509.Certificate{RawSubject: raw, NotBefore: m.now.Add(-day), NotAfter: m.now.Add(day)}
}

func (m *minter) ca(name string) *x509.Certificate {
	c := m.template(name)
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	return c
}

func (m *minter) person() *x509.Certificate { return m.named(m.who) }

func (m *minter) named(names ...string) *x509.Certificate {
	c := m.template(names...)
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
	c := m.template(m.who, "12345")
	c.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 14}, Critical: true, Value: info}}
	return c
}

// legacy is a proxy of Globus before RFC 3820: a name and nothing else.
func (m *minter) legacy() *x509.Certificate {
	c := m.template(m.who, "proxy")
	c.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	return c
}
