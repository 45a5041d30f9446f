//go:build lab

package lab

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"math/big"
	"time"
)

// Token signs a token (RFC 7519) of the issuer that anything would accept: one
// hour old at most, for the audience "arc", of a made subject.
func Token(issuer string, key SigningKey, now time.Time) string {
	return Sign(key, map[string]any{
		"iss": issuer, "sub": "jane", "aud": "arc", "scope": "compute.create compute.read",
		"iat": now.Add(-time.Minute).Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
	})
}

// Sign makes a JWS in the compact form (RFC 7515) with RS256, or with ES256 for
// an EC key.
func Sign(key SigningKey, claims map[string]any) string { return SignJSON(key, marshal(claims)) }

// SignJSON does so with claims as they are written.
func SignJSON(key SigningKey, claims []byte) string {
	alg := "RS256"
	if _, ok := key.Signer.(*ecdsa.PrivateKey); ok {
		alg = "ES256"
	}
	text := base64url(marshal(map[string]any{"alg": alg, "typ": "JWT", "kid": key.ID})) + "." + base64url(claims)
	sum := sha256.Sum256([]byte(text))
	sig, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		panic(err) // a stored key
	}
	if alg == "ES256" {
		sig = fixedWidth(sig)
	}
	return text + "." + base64url(sig)
}

func marshal(v map[string]any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers
	}
	return data
}

// fixedWidth is a signature of P-256 as RFC 7518 section 3.4 wants it.
func fixedWidth(der []byte) []byte {
	var sig struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &sig); err != nil {
		panic(fmt.Sprintf("lab: an ECDSA signature: %v", err))
	}
	out := make([]byte, 64)
	sig.R.FillBytes(out[:32])
	sig.S.FillBytes(out[32:])
	return out
}
