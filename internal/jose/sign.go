package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
)

// Member is one member of a header, which keeps its place.
type Member struct {
	Name  string
	Value any
}

// Alg is the algorithm that Sign uses with the key: RS256 with RSA, ES256 with
// EC P-256 (RFC 7518 section 3.1), "" with any other.
func Alg(key crypto.PublicKey) string {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return "RS256"
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return "ES256"
		}
	}
	return ""
}

// Sign makes a token of the header and the claims as they stand, signed with the
// algorithm of the key, whatever the header says. The error is that of a header
// that is no JSON, of a key of another kind, or of the random source.
func Sign(header []Member, claims []byte, key crypto.Signer) (string, error) {
	input, err := Input(header, claims)
	if err != nil {
		return "", err
	}
	signature, err := signed(key, input)
	if err != nil {
		return "", err
	}
	return Compact(input, signature), nil
}

// Input is what a signature covers: header and claims in base64url, with a dot
// between them (RFC 7515 section 5.1).
func Input(header []Member, claims []byte) (string, error) {
	text := []byte{'{'}
	for i, m := range header {
		name, err := json.Marshal(m.Name)
		if err != nil {
			return "", err
		}
		value, err := json.Marshal(m.Value)
		if err != nil {
			return "", err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(append(text, name...), ':'), value...)
	}
	return b64(append(text, '}')) + "." + b64(claims), nil
}

// Compact joins what is signed and the signature.
func Compact(input string, signature []byte) string { return input + "." + b64(signature) }

func b64(part []byte) string { return base64.RawURLEncoding.EncodeToString(part) }

func signed(key crypto.Signer, input string) ([]byte, error) {
	sum := digest(crypto.SHA256, []byte(input))
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum)
	case *ecdsa.PrivateKey:
		if key.Curve != elliptic.P256() {
			return nil, errKind
		}
		r, s, err := ecdsa.Sign(rand.Reader, key, sum)
		if err != nil {
			return nil, err
		}
		const size = 32
		both := make([]byte, 2*size)
		r.FillBytes(both[:size])
		s.FillBytes(both[size:])
		return both, nil
	}
	return nil, errKind
}

var errKind = errors.New("the key is neither RSA nor EC P-256")

// JWK is a public key as a key set has it, nil for one of another kind (RFC 7518
// section 6).
func JWK(kid string, key crypto.PublicKey) map[string]string {
	jwk := map[string]string{"kid": kid, "use": "sig", "alg": Alg(key)}
	switch key := key.(type) {
	case *rsa.PublicKey:
		exponent := []byte{byte(key.E >> 24), byte(key.E >> 16), byte(key.E >> 8), byte(key.E)}
		for len(exponent) > 1 && exponent[0] == 0 {
			exponent = exponent[1:]
		}
		jwk["kty"], jwk["n"], jwk["e"] = "RSA", b64(key.N.Bytes()), b64(exponent)
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil || key.Curve != elliptic.P256() {
			return nil
		}
		half := len(point) / 2
		jwk["kty"], jwk["crv"], jwk["x"], jwk["y"] = "EC", "P-256", b64(point[1:half+1]), b64(point[half+1:])
	default:
		return nil
	}
	return jwk
}

// ParsePrivate reads a private key in PEM (PKCS #8, PKCS #1 or SEC 1) that Sign
// can use. The error holds nothing of the key.
func ParsePrivate(data []byte) (crypto.Signer, error) {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		key, err := parseBlock(block)
		if err != nil {
			return nil, err
		}
		if key == nil {
			continue
		}
		if Alg(key.Public()) == "" {
			return nil, fmt.Errorf("%w, which is what tokens of ARC are signed with (arc-behaviour I4)", errKind)
		}
		return key, nil
	}
	return nil, errors.New("there is no private key in PEM")
}

// parseBlock reads a private key; nil stands for a block of another kind.
func parseBlock(block *pem.Block) (crypto.Signer, error) {
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "ENCRYPTED PRIVATE KEY":
		return nil, errors.New("the private key is encrypted, want one without a passphrase")
	default:
		return nil, nil
	}
	if err != nil {
		return nil, errors.New("the private key cannot be read")
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errKind
	}
	return signer, nil
}
