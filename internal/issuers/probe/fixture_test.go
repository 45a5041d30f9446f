package probe

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const (
	host      = "issuer.example.org"
	issuerURL = "https://" + host + "/dune"
	otherHost = "keys.example.org"
)

// now is the time of all tests; certificates are valid for a year around it.
var now = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// authority is a CA, or a leaf, of a test.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// issue makes a certificate; parent nil makes it self-signed.
func issue(t *testing.T, parent *authority, change func(*x509.Certificate)) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return issueFor(t, parent, key, change)
}

func issueFor(t *testing.T, parent *authority, key crypto.Signer, change func(*x509.Certificate)) *authority {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{Organization: []string{"Example"}, CommonName: "Test"},
		NotBefore:    now.AddDate(0, -6, 0),
		NotAfter:     now.AddDate(0, 6, 0),
	}
	if change != nil {
		change(template)
	}
	self := &authority{cert: template, key: key}
	if parent == nil {
		parent = self
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent.cert, key.Public(), parent.key)
	if err != nil {
		t.Fatal(err)
	}
	self.cert, err = x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return self
}

func ca(name string) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.Subject.CommonName, c.IsCA, c.BasicConstraintsValid, c.KeyUsage = name, true, true, x509.KeyUsageCertSign
	}
}

func leaf(change func(*x509.Certificate)) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.Subject.CommonName = host
		c.DNSNames = []string{host, otherHost}
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		if change != nil {
			change(c)
		}
	}
}

// answer is what the server says at one place.
type answer struct {
	status  int
	headers map[string]string
	body    string
}

// fixture is an issuer on loopback, good unless a test changes it.
type fixture struct {
	issuer  string // as asked for
	places  map[string]answer
	chain   []*authority // as served, leaf first
	trusted *authority   // the only root of "this machine"
	down    bool
	root    *authority
}

func newFixture(t *testing.T) *fixture {
	root := issue(t, nil, ca("Root"))
	middle := issue(t, root, ca("Intermediate"))
	f := &fixture{issuer: issuerURL, root: root, trusted: root, places: map[string]answer{}}
	f.chain = []*authority{issue(t, middle, leaf(nil)), middle}
	f.setMetadata(fmt.Sprintf(`{"issuer":%q,"jwks_uri":"https://%s/dune/jwks"}`, issuerURL, host))
	f.setKeys(rsaKey(t, "k1", 2048))
	return f
}

func (f *fixture) setMetadata(body string) {
	f.places["/dune/.well-known/openid-configuration"] = answer{status: 200, body: body}
}

func (f *fixture) setKeys(keys ...map[string]string) {
	body, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		panic(err)
	}
	f.places["/dune/jwks"] = answer{status: 200, body: string(body)}
}

// probe serves the fixture on loopback and probes it. Every name leads there.
func (f *fixture) probe(t *testing.T) Result {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(f.serve))
	certificate := tls.Certificate{PrivateKey: f.chain[0].key}
	for _, a := range f.chain {
		certificate.Certificate = append(certificate.Certificate, a.cert.Raw)
	}
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(f.trusted.cert)
	return Issuer(context.Background(), f.issuer, Options{
		Now: now, Roots: roots,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if f.down {
				return nil, fmt.Errorf("connection to %s refused", address)
			}
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		},
	})
}

func (f *fixture) serve(w http.ResponseWriter, r *http.Request) {
	place, ok := f.places[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	for name, value := range place.headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(place.status)
	io.Copy(w, strings.NewReader(place.body)) // the probe may hang up
}

func rsaKey(t *testing.T, kid string, bits int) map[string]string {
	t.Helper()
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1)) // the length is all that matters
	return map[string]string{"kty": "RSA", "kid": kid, "e": "AQAB", "n": base64.RawURLEncoding.EncodeToString(n.Bytes())}
}

func ecKey(kid, curve string) map[string]string {
	return map[string]string{"kty": "EC", "kid": kid, "crv": curve, "x": "AQ", "y": "Ag"}
}

func rsaSigner(t *testing.T, bits int) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
