package mint

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"
)

// Issuer is a token issuer that lives as long as the program: its key, the
// certificate of its server, and certificates of clients under the same CA. The
// CA is valid for a day, and its name is of this run alone.
type Issuer struct {
	Set
	Key    *rsa.PrivateKey
	Other  *rsa.PrivateKey // of no issuer
	Kid    string
	Server tls.Certificate

	// Faulty are certificates that a CE should not take for those of the server, by
	// the case that is about them.
	Faulty map[string]tls.Certificate
}

// NewIssuer makes an issuer whose server has that host name. The error is that
// of the random source.
func NewIssuer(now time.Time, host string) (Issuer, error) {
	tag := make([]byte, 6)
	if _, err := rand.Read(tag); err != nil {
		return Issuer{}, err
	}
	name := "arclint negtest " + hex.EncodeToString(tag)
	m, err := newMinter(now)
	if err != nil {
		return Issuer{}, err
	}
	m.who = name
	root := m.make(m.ca(name+" CA"), nil)
	revoked := m.make(m.host(host), root)
	set, err := m.set(root, revoked)
	if err != nil {
		return Issuer{}, err
	}
	server := m.make(m.host(host), root)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return Issuer{}, err
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return Issuer{}, err
	}
	if err := m.err; err != nil {
		return Issuer{}, fmt.Errorf("cannot make the certificate of %q: %w", host, err)
	}
	faulty := m.faulty(host, root, revoked)
	if m.err != nil {
		return Issuer{}, m.err
	}
	return Issuer{Set: set, Key: key, Other: other, Kid: hex.EncodeToString(tag), Server: m.withKey("server", list(server)), Faulty: faulty}, nil
}

// faulty makes the certificates of a server that has something wrong.
func (m *minter) faulty(host string, root, revoked *x509.Certificate) map[string]tls.Certificate {
	stranger := m.make(m.ca("Some Other CA"), nil)
	forClients := m.host(host)
	forClients.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	all := map[string]tls.Certificate{}
	for id, certs := range map[string][]*x509.Certificate{
		"issuer-expired":  list(m.make(m.until(m.host(host), -time.Hour), root)),
		"issuer-revoked":  list(revoked),
		"issuer-other-ca": list(m.make(m.host(host), stranger), stranger),
		"issuer-client":   list(m.make(forClients, root)),
		"issuer-name":     list(m.make(m.host("elsewhere.example.net"), root)),
	} {
		all[id] = m.withKey(id, certs)
	}
	return all
}

// Subject is the subject of the good certificate, in one line.
func (i Issuer) Subject() string { return i.Chains[0].Certs[0].SubjectName }

func (m *minter) host(name string) *x509.Certificate {
	c := m.named(name)
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	c.DNSNames = []string{name}
	return c
}
