package live

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"math/big"
	"strings"
	"time"

	"arclint/internal/admission"
	"arclint/internal/jose"
	"arclint/internal/mint"
)

// maker makes the requests of the cases.
type maker struct {
	Config
	claims  []byte        // of the good token
	header  []jose.Member // of the good token
	good    string
	foreign crypto.Signer // a key that is of no issuer, of the kind of the issuer's
	certs   map[string]*tls.Certificate
}

func newMaker(c Config) (*maker, error) {
	m := &maker{Config: c, certs: map[string]*tls.Certificate{}}
	for _, chain := range c.Chains {
		pair := chain.TLS
		m.certs[chain.ID] = &pair
	}
	if err := m.makeGood(); err != nil {
		return nil, err
	}
	m.foreign = c.Other
	if m.foreign != nil {
		return m, nil
	}
	var err error
	m.foreign, err = another(m.header)
	return m, err
}

// makeGood makes the token that is to get in, or takes the one that is given.
func (m *maker) makeGood() (err error) {
	switch {
	case m.Signer != nil:
		if m.claims, err = json.Marshal(m.Good.Claims); err != nil {
			return err
		}
		m.header = []jose.Member{{Name: "typ", Value: "JWT"}, {Name: "alg", Value: jose.Alg(m.Signer.Public())}, {Name: "kid", Value: m.Kid}}
		m.good, err = jose.Sign(m.header, m.claims, m.Signer)
		return err
	case m.Token != "":
		token, err := jose.Parse(m.Token)
		if err != nil {
			return err
		}
		m.good, m.claims = strings.TrimSpace(m.Token), token.Claims
		m.header = []jose.Member{{Name: "typ", Value: "JWT"}, {Name: "alg", Value: token.Header.Alg}, {Name: "kid", Value: token.Header.Kid}}
	}
	return nil
}

// another makes a key of the kind that the header speaks of.
func another(header []jose.Member) (crypto.Signer, error) {
	for _, m := range header {
		if m.Name == "alg" && m.Value == "ES256" {
			return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		}
	}
	return rsa.GenerateKey(rand.Reader, 2048)
}

// control is the positive control of a kind, nil where there is none.
func (m *maker) control(k kind) *Request {
	switch {
	case k == byToken && m.good != "":
		return &Request{Bearer: []string{m.good}}
	case k == byCertificate && m.certs[mint.Good] != nil:
		return &Request{Cert: m.certs[mint.Good]}
	case k == byKeys && m.Issuer != "":
		if token, err := m.of(pathFetched, m.Signer, m.Kid); err == nil {
			return &Request{Bearer: []string{token}}
		}
	}
	return nil
}

const (
	needsKey   = "it needs the key of the issuer"
	needsCerts = "it needs certificates of a throw-away CA"
	needsTest  = "it needs the throw-away issuer"
)

// prepare makes the request of a case, or says why there is none.
func (m *maker) prepare(c admission.Case) prepared {
	p := prepared{result: Result{Case: c}, kind: byToken}
	switch {
	case c.ID == "anonymous":
		if m.good == "" {
			p.kind = byCertificate
		}
		return p
	case c.Area == "certificate":
		p.kind = byCertificate
		p.request.Cert = m.certs[c.ID]
		switch {
		case c.ID == "public-ca":
			p.why = "arclint has no certificate of a public CA"
		case p.request.Cert == nil || m.certs[mint.Good] == nil:
			p.why = needsCerts
		}
		return p
	case m.good == "":
		p.why = "it needs a token or the key of an issuer"
		return p
	case withFaulty(c) && m.Present == nil:
		p.kind, p.why = byKeys, needsTest
		return p
	case c.Area == "keys":
		p.kind = byKeys
	}
	var err error
	if p.request, err = m.tokens(c); err != nil {
		p.why = err.Error()
	}
	return p
}

// tokens makes the tokens of a case; the error says why it is not run.
func (m *maker) tokens(c admission.Case) (Request, error) {
	switch {
	case c.Area == "keys":
		return one(m.keys(c.ID))
	case c.Area == "envelope":
		return one(m.envelope(c.ID))
	case c.ID == "two-tokens":
		return m.twoTokens()
	case c.ID == "token-and-proxy":
		if m.certs["dn-other"] == nil {
			return Request{}, errors.New(needsCerts)
		}
		return Request{Bearer: []string{m.good}, Cert: m.certs["dn-other"]}, nil
	case m.Signer == nil:
		return Request{}, errors.New(needsKey)
	case c.Foreign:
		return Request{}, errors.New("nobody serves an issuer of that name")
	case m.Good.Stranger == "" && ofOtherIssuer(c):
		// The CE would ask the hosts of others for keys (arc-behaviour S4).
		return Request{}, errors.New(needsTest)
	}
	claims := c.Spoil(m.Good)
	if claims == "" {
		return Request{}, errors.New("it does not arise with these claims")
	}
	return one(jose.Sign(m.header, []byte(claims), m.Signer))
}

func one(token string, err error) (Request, error) { return Request{Bearer: []string{token}}, err }

// ofOtherIssuer says whether the token is of another issuer than the good one.
func ofOtherIssuer(c admission.Case) bool {
	return c.ID == "iss-twice" || c.Area == "issuer" && c.ID != "iss-missing"
}

// twoTokens are two of which neither gets in alone.
func (m *maker) twoTokens() (Request, error) {
	if m.Signer == nil {
		return Request{}, errors.New(needsKey)
	}
	var q Request
	for _, change := range []map[string]any{{"aud": "https://elsewhere.example.net"}, {"exp": m.Good.Now.Add(-time.Hour).Unix()}} {
		claims, err := m.changed(change)
		if err != nil {
			return Request{}, err
		}
		token, err := jose.Sign(m.header, claims, m.Signer)
		if err != nil {
			return Request{}, err
		}
		q.Bearer = append(q.Bearer, token)
	}
	return q, nil
}

// changed gives the good claims with others in their place.
func (m *maker) changed(changes map[string]any) ([]byte, error) {
	var claims map[string]any
	if err := json.Unmarshal(m.claims, &claims); err != nil {
		return nil, errors.New("the claims of the token are no JSON object")
	}
	maps.Copy(claims, changes)
	return json.Marshal(claims)
}

// with gives the header with a member in place of the one of that name.
func (m *maker) with(name string, value any) []jose.Member {
	var header []jose.Member
	for _, h := range m.header {
		if h.Name != name {
			header = append(header, h)
		}
	}
	if value == nil {
		return header
	}
	return append(header, jose.Member{Name: name, Value: value})
}

// envelope makes the tokens whose claims are right and whose envelope is not.
// Those that a foreign key signs, or none, need no key of the issuer.
func (m *maker) envelope(id string) (string, error) {
	switch id {
	case "alg-none":
		return unsigned(m.with("alg", "none"), m.claims)
	case "unsigned":
		return unsigned(m.header, m.claims)
	case "header-jwk":
		return jose.Sign(m.with("jwk", jose.JWK(m.kid(), m.foreign.Public())), m.claims, m.foreign)
	case "header-x5c":
		cert, err := m.selfSigned()
		if err != nil {
			return "", err
		}
		return jose.Sign(m.with("x5c", []string{cert}), m.claims, m.foreign)
	case "bad-signature":
		return jose.Sign(m.header, m.claims, m.foreign)
	case "payload-changed":
		return m.payloadChanged()
	case "truncated":
		return m.good[:len(m.good)-len(m.good)/8], nil
	}
	if m.Signer == nil {
		return "", errors.New(needsKey)
	}
	return m.signedEnvelope(id)
}

func (m *maker) signedEnvelope(id string) (string, error) {
	switch id {
	case "alg-wrong":
		other := map[string]string{"RS256": "ES256", "ES256": "RS256"}[jose.Alg(m.Signer.Public())]
		return jose.Sign(m.with("alg", other), m.claims, m.Signer)
	case "key-confusion":
		return m.confused()
	case "kid-missing":
		return jose.Sign(m.with("kid", nil), m.claims, m.Signer)
	case "huge":
		claims, err := m.changed(map[string]any{"padding": strings.Repeat("x", 9000)})
		if err != nil {
			return "", err
		}
		return jose.Sign(m.header, claims, m.Signer)
	case "nested":
		return jose.Sign(m.with("cty", "JWT"), []byte(m.good), m.Signer)
	}
	if m.Issuer == "" {
		// A real issuer would be asked, and ARC 7 takes its answer in place of
		// pinned keys (arc-behaviour S12).
		return "", errors.New(needsTest)
	}
	switch id {
	case "kid-unknown":
		return jose.Sign(m.with("kid", "unknown-"+m.Kid), m.claims, m.Signer)
	case "header-jku":
		return jose.Sign(m.with("jku", m.Issuer+pathJKU+"/jwks"), m.claims, m.foreign)
	}
	return "", errors.New("arclint has no request for it")
}

func (m *maker) kid() string {
	for _, h := range m.header {
		if kid, ok := h.Value.(string); ok && h.Name == "kid" {
			return kid
		}
	}
	return ""
}

func unsigned(header []jose.Member, claims []byte) (string, error) {
	input, err := jose.Input(header, claims)
	return jose.Compact(input, nil), err
}

func (m *maker) payloadChanged() (string, error) {
	claims, err := m.changed(map[string]any{"jti": "changed"})
	if err != nil {
		return "", err
	}
	parts := strings.Split(m.good, ".")
	return parts[0] + "." + base64.RawURLEncoding.EncodeToString(claims) + "." + parts[2], nil
}

// confused signs with the public key, as PEM, for the secret of HS256.
func (m *maker) confused() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(m.Signer.Public())
	if err != nil {
		return "", err
	}
	input, err := jose.Input(m.with("alg", "HS256"), m.claims)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	mac.Write([]byte(input))
	return jose.Compact(input, mac.Sum(nil)), nil
}

func (m *maker) selfSigned() (string, error) {
	now := m.Good.Now
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "anybody.example.net"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, m.foreign.Public(), m.foreign)
	return base64.StdEncoding.EncodeToString(der), err
}

// of makes a good token of another of the served issuers.
func (m *maker) of(path string, key crypto.Signer, kid string) (string, error) {
	claims, err := m.changed(map[string]any{"iss": m.Issuer + path})
	if err != nil {
		return "", err
	}
	return jose.Sign(m.with("kid", kid), claims, key)
}

// keys makes the tokens of issuers that serve what they should not.
func (m *maker) keys(id string) (string, error) {
	if m.Issuer == "" {
		return "", errors.New(needsTest)
	}
	switch id {
	case "key-withdrawn":
		return m.of(pathWithdrawn, m.Signer, m.Kid)
	}
	return m.of("/"+id, m.Signer, m.Kid)
}
