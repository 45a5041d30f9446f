package main

import (
	"crypto/rsa"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"arclint/fixtures/pki"
)

// serveIssuer serves token issuers on loopback and gives the URL of one that is
// as it should be; the path none below it has no metadata. No test of this
// package talks to another machine.
func serveIssuer(t *testing.T) string {
	t.Helper()
	ca := pki.New(pki.Spec{Subject: "/DC=org/DC=example/CN=Example Public Root"})
	leaf := pki.New(pki.Spec{
		Subject: "/CN=issuer.example.org", Issuer: ca, EKU: []string{"serverAuth"}, IPs: []net.IP{net.IPv4(127, 0, 0, 1)},
	})
	key := leaf.Key.Public().(*rsa.PublicKey)

	mux := http.NewServeMux()
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Cert, ca.Cert}, PrivateKey: leaf.Key}}}
	server.StartTLS()
	t.Cleanup(server.Close)

	issuer := server.URL + "/dune"
	mux.HandleFunc("GET /dune/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":%q}`, issuer, issuer+"/jwks")
	})
	mux.HandleFunc("GET /dune/jwks", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"keys":[{"kty":"RSA","kid":"example","alg":"RS256","e":"AQAB","n":%q}]}`,
			base64.RawURLEncoding.EncodeToString(key.N.Bytes()))
	})
	return issuer
}
