//go:build lab

package lab

import (
	"crypto"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"arclint/fixtures/pki"
	"arclint/internal/jose"
)

// Issuer is a token issuer on loopback: it serves its metadata and its keys, and
// counts who asks.
type Issuer struct {
	URL string

	mu        sync.Mutex
	server    *http.Server
	listener  net.Listener // nil: on a free port
	path      string       // of the URL, its own: a CE remembers the keys of an issuer
	jwksURI   string
	claimed   string // the issuer in the metadata
	redirects bool
	keys      []SigningKey
	fetches   int
}

// SigningKey is a key that signs tokens.
type SigningKey struct {
	ID string
	crypto.Signer
}

// Key is a stored key of fixtures/pki as a signing key; it panics where there is
// none of that name.
func Key(id, name string) SigningKey {
	key, err := pki.LoadKey(name)
	if err != nil {
		panic(err)
	}
	return SigningKey{ID: id, Signer: key}
}

// Setting changes an issuer before it serves.
type Setting func(*Issuer)

// The faults and the properties that an issuer may have.
var (
	Redirecting Setting = func(i *Issuer) { i.redirects = true }
	PlainHTTP   Setting = func(i *Issuer) { i.server = nil }
)

// InPlaceOf ends another issuer and serves at its address: what an attacker on the
// network path does, and the issuer itself with a new certificate. The socket is
// handed over and never closed, for a program that is being started meanwhile may
// hold a copy of it, and then nobody could listen there anew.
func InPlaceOf(other *Issuer) (Setting, error) {
	defer other.Close()
	file, err := other.listener.(*net.TCPListener).File()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	listener, err := net.FileListener(file)
	return func(i *Issuer) { i.listener, i.path = listener, other.path }, err
}

var issuers atomic.Int64 // so far

// KeysAt serves another jwks_uri than the issuer's own.
func KeysAt(uri string) Setting { return func(i *Issuer) { i.jwksURI = uri } }

// Claiming names another issuer in the metadata.
func Claiming(issuer string) Setting { return func(i *Issuer) { i.claimed = issuer } }

// Serve starts an issuer of that host name with the chain, leaf first, of which
// the first has the key. Its signing key is the first of keys.
func Serve(host string, chain []*pki.Entity, keys []SigningKey, settings ...Setting) (*Issuer, error) {
	quiet := log.New(io.Discard, "", 0) // refused handshakes are what is asked for
	i := &Issuer{keys: keys, path: fmt.Sprintf("/vo%d", issuers.Add(1)), server: &http.Server{ErrorLog: quiet, TLSConfig: &tls.Config{Certificates: []tls.Certificate{credential(chain)}}}}
	encrypted := i.server
	for _, set := range settings {
		set(i)
	}
	if i.listener == nil {
		var err error
		if i.listener, err = listen(IssuerPorts); err != nil {
			return nil, err
		}
	}
	scheme := "https"
	if i.server == nil {
		scheme, i.server = "http", &http.Server{ErrorLog: quiet}
	}
	i.URL = fmt.Sprintf("%s://%s:%d%s", scheme, host, i.listener.Addr().(*net.TCPAddr).Port, i.path)
	i.server.Handler = http.HandlerFunc(i.answer)
	if i.server == encrypted {
		go i.server.ServeTLS(i.listener, "", "")
	} else {
		go i.server.Serve(i.listener)
	}
	return i, nil
}

// credential is a chain with the key of its first certificate, which need not be
// one that Go would accept.
func credential(chain []*pki.Entity) tls.Certificate {
	c := tls.Certificate{PrivateKey: chain[0].Key}
	for _, e := range chain {
		c.Certificate = append(c.Certificate, e.Cert)
	}
	return c
}

// Close stops the server.
func (i *Issuer) Close() { i.server.Close() }

// Fetches is how many requests were answered so far.
func (i *Issuer) Fetches() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.fetches
}

// Rotate replaces the keys.
func (i *Issuer) Rotate(keys ...SigningKey) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = keys
}

func (i *Issuer) answer(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fetches++
	switch r.URL.Path {
	case i.path + "/.well-known/openid-configuration":
		if i.redirects {
			http.Redirect(w, r, "/moved", http.StatusFound)
			return
		}
		writeJSON(w, i.metadata())
	case "/moved":
		writeJSON(w, i.metadata())
	case i.path + "/jwks":
		writeJSON(w, KeySet(i.keys...))
	default:
		http.NotFound(w, r)
	}
}

func (i *Issuer) metadata() map[string]any {
	m := map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/jwks"}
	if i.claimed != "" {
		m["issuer"] = i.claimed
	}
	if i.jwksURI != "" {
		m["jwks_uri"] = i.jwksURI
	}
	return m
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v) // a peer that has gone is no matter
}

// KeySet is the JWKS (RFC 7517) of the public keys.
func KeySet(keys ...SigningKey) map[string]any {
	list := []map[string]string{}
	for _, k := range keys {
		list = append(list, jose.JWK(k.ID, k.Public()))
	}
	return map[string]any{"keys": list}
}
