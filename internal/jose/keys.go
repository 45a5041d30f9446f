package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha256" // RS256, ES256
	_ "crypto/sha512" // RS384, RS512
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

// Key is one key of a set.
type Key struct {
	Kid    string
	Public crypto.PublicKey // nil for a kind that is not read here
}

const (
	maxKeySet = 1 << 20 // bytes
	maxKeys   = 1000    // of a set
	maxRSA    = 16384   // bits; more takes longer than it is worth
)

// ParseKeys reads a key set: an object with an array keys. A key of another kind
// than RSA and EC P-256 stays without Public.
func ParseKeys(data []byte) ([]Key, error) {
	if len(data) > maxKeySet {
		return nil, fmt.Errorf("key set has more than %d bytes", maxKeySet)
	}
	var set struct {
		Keys *[]struct {
			Kty, Kid, N, E, Crv, X, Y string
		}
	}
	if err := json.Unmarshal(data, &set); err != nil || set.Keys == nil {
		return nil, errors.New("key set is no JSON object with an array keys")
	}
	if len(*set.Keys) > maxKeys {
		return nil, fmt.Errorf("key set has more than %d keys", maxKeys)
	}
	var keys []Key
	for _, k := range *set.Keys {
		key := Key{Kid: k.Kid}
		switch {
		case k.Kty == "RSA":
			key.Public = rsaKey(k.N, k.E)
		case k.Kty == "EC" && k.Crv == "P-256":
			key.Public = ecKey(k.X, k.Y)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// Find is the first key with that id, the only one that is tried; nil if there
// is none.
func Find(keys []Key, kid string) *Key {
	for i := range keys {
		if keys[i].Kid == kid {
			return &keys[i]
		}
	}
	return nil
}

func rsaKey(n, e string) crypto.PublicKey {
	modulus, err := decode(n)
	if err != nil || len(modulus) == 0 || len(modulus) > maxRSA/8 {
		return nil
	}
	exponent, err := decode(e)
	if err != nil || len(exponent) == 0 || len(exponent) > 4 {
		return nil
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: int(new(big.Int).SetBytes(exponent).Int64())}
}

func ecKey(x, y string) crypto.PublicKey {
	const size = 32
	point := []byte{4} // uncompressed
	for _, text := range []string{x, y} {
		part, err := decode(text)
		if err != nil || len(part) != size {
			return nil
		}
		point = append(point, part...)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return nil
	}
	return key
}

// The errors of Verify.
var (
	ErrBadSignature = errors.New("the signature is not that of the key")
	ErrUnsupported  = errors.New("the algorithm or the kind of key is not checked here")
)

// Verify checks the signature with one key: RS256, RS384 and RS512 with RSA,
// ES256 with EC P-256. The error is ErrBadSignature, or ErrUnsupported where
// nothing was checked.
func (t *Token) Verify(k Key) error {
	switch key := k.Public.(type) {
	case *rsa.PublicKey:
		hash, ok := rsaHashes()[t.Header.Alg]
		if !ok {
			return ErrUnsupported
		}
		switch err := rsa.VerifyPKCS1v15(key, hash, digest(hash, t.signed), t.signature); {
		case err == nil:
			return nil
		case errors.Is(err, rsa.ErrVerification):
			return ErrBadSignature
		}
		return ErrUnsupported // a key that the library does not take
	case *ecdsa.PublicKey:
		if t.Header.Alg != "ES256" {
			return ErrUnsupported
		}
		const size = 32
		if len(t.signature) != 2*size {
			return ErrBadSignature
		}
		r, s := new(big.Int).SetBytes(t.signature[:size]), new(big.Int).SetBytes(t.signature[size:])
		if !ecdsa.Verify(key, digest(crypto.SHA256, t.signed), r, s) {
			return ErrBadSignature
		}
		return nil
	}
	return ErrUnsupported
}

func rsaHashes() map[string]crypto.Hash {
	return map[string]crypto.Hash{"RS256": crypto.SHA256, "RS384": crypto.SHA384, "RS512": crypto.SHA512}
}

func digest(hash crypto.Hash, data []byte) []byte {
	h := hash.New()
	h.Write(data)
	return h.Sum(nil)
}
