//go:build lab

package lab

import (
	"encoding/json"
	"time"

	"arclint/internal/jose"
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
	header := []jose.Member{{Name: "alg", Value: jose.Alg(key.Public())}, {Name: "typ", Value: "JWT"}, {Name: "kid", Value: key.ID}}
	token, err := jose.Sign(header, claims, key.Signer)
	if err != nil {
		panic(err) // a stored key
	}
	return token
}

func marshal(v map[string]any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers
	}
	return data
}
