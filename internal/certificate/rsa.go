package certificate

import (
	"bytes"
	"crypto"
	"encoding/asn1"
	"errors"
	"math/big"
)

// The bounds of rsa.h.
const (
	maxModulus     = 16384 // bits, OPENSSL_RSA_MAX_MODULUS_BITS
	smallModulus   = 3072  // bits, OPENSSL_RSA_SMALL_MODULUS_BITS
	maxExponent    = 64    // bits, of a key with a larger modulus, OPENSSL_RSA_MAX_PUBEXP_BITS
	pkcs1MinFiller = 8     // octets of RSA_padding_check_PKCS1_type_1
)

// openRSA raises the signature to the key's exponent and gives as many octets as the
// modulus has (rsa_ossl_public_decrypt). crypto/rsa refuses exponents that are even, 1
// or large and small moduli, with all of which OpenSSL reckons.
func openRSA(key *RSAKey, signature []byte) ([]byte, error) {
	bits, size := key.N.BitLen(), (key.N.BitLen()+7)/8
	s := new(big.Int).SetBytes(signature)
	switch {
	case bits > maxModulus:
		return nil, errors.New("the RSA key is larger than OpenSSL reckons with")
	case key.N.Cmp(key.E) <= 0 || bits > smallModulus && key.E.BitLen() > maxExponent || key.N.Bit(0) == 0:
		return nil, errors.New("OpenSSL does not reckon with such an RSA key")
	case len(signature) > size || s.Cmp(key.N) >= 0:
		return nil, errNotBy
	}
	return s.Exp(s, key.E, key.N).FillBytes(make([]byte, size)), nil
}

// digestOIDs are the OIDs of the digests that stand in a signature of PKCS #1.
var digestOIDs = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.MD5: {1, 2, 840, 113549, 2, 5}, crypto.SHA1: {1, 3, 14, 3, 2, 26},
	crypto.SHA256: {2, 16, 840, 1, 101, 3, 4, 2, 1}, crypto.SHA384: {2, 16, 840, 1, 101, 3, 4, 2, 2}, crypto.SHA512: {2, 16, 840, 1, 101, 3, 4, 2, 3},
	crypto.SHA224: {2, 16, 840, 1, 101, 3, 4, 2, 4}, crypto.SHA3_224: {2, 16, 840, 1, 101, 3, 4, 2, 7}, crypto.SHA3_256: {2, 16, 840, 1, 101, 3, 4, 2, 8},
	crypto.SHA3_384: {2, 16, 840, 1, 101, 3, 4, 2, 9}, crypto.SHA3_512: {2, 16, 840, 1, 101, 3, 4, 2, 10},
}

// verifyPKCS1 is ossl_rsa_verify: the signature holds exactly what a sound one holds
// (RFC 8017 section 8.2.2).
func verifyPKCS1(key *RSAKey, hash crypto.Hash, digest, signature []byte) error {
	info, err := asn1.Marshal(struct {
		Algorithm struct {
			Algorithm  asn1.ObjectIdentifier
			Parameters asn1.RawValue
		}
		Digest []byte
	}{struct {
		Algorithm  asn1.ObjectIdentifier
		Parameters asn1.RawValue
	}{digestOIDs[hash], asn1.NullRawValue}, digest})
	if err != nil {
		return err
	}
	opened, err := openRSA(key, signature)
	filler := len(opened) - len(info) - 3
	if err != nil {
		return err
	}
	if len(signature) != len(opened) || filler < pkcs1MinFiller {
		return errNotBy
	}
	want := append([]byte{0, 1}, bytes.Repeat([]byte{0xff}, filler)...)
	if !bytes.Equal(opened, append(append(want, 0), info...)) {
		return errNotBy
	}
	return nil
}

// verifyPSS asks what the key allows, then what the signature holds.
func verifyPSS(key *RSAKey, a Algorithm, digest, signature []byte) error {
	p, ok := PSSOf(a.Parameters)
	hash, mask := pssHashes[p.Digest], pssHashes[p.MaskDigest]
	switch limits := key.Limits; {
	case !ok:
		return errNotBy
	case limits != nil && (p.Digest != limits.Digest || p.MaskDigest != limits.MaskDigest || p.Salt < limits.Salt):
		return errors.New("the key is not for signatures with these parameters")
	case hash == 0 || mask == 0:
		return Uncheckable("arclint does not know its digest")
	}
	opened, err := openRSA(key, signature)
	if err != nil {
		return err
	}
	if !holdsPSS(opened, key.N.BitLen()-1, hash, mask, p.Salt, digest) {
		return errNotBy
	}
	return nil
}

// holdsPSS is EMSA-PSS-VERIFY (RFC 8017 section 9.1.2) for a salt of that length; bits
// are those of the encoded message.
func holdsPSS(encoded []byte, bits int, hash, mask crypto.Hash, salt int, digest []byte) bool {
	size := (bits + 7) / 8
	if len(encoded) > size { // bits is a multiple of 8
		if encoded[0] != 0 {
			return false
		}
		encoded = encoded[1:]
	}
	if size < hash.Size()+salt+2 || encoded[size-1] != 0xbc || encoded[0]>>(8-(8*size-bits)) != 0 {
		return false
	}
	db, h := encoded[:size-hash.Size()-1], encoded[size-hash.Size()-1:size-1]
	for i, m := range maskOf(mask, h, len(db)) {
		db[i] ^= m
	}
	db[0] &= 0xff >> (8*size - bits)
	ones := len(db) - salt - 1
	if db[ones] != 1 || len(bytes.Trim(db[:ones], "\x00")) > 0 {
		return false
	}
	again := hash.New()
	again.Write(make([]byte, 8))
	again.Write(digest)
	again.Write(db[ones+1:])
	return bytes.Equal(again.Sum(nil), h)
}

// maskOf is MGF1 (RFC 8017 appendix B.2.1).
func maskOf(hash crypto.Hash, seed []byte, size int) (mask []byte) {
	for counter := 0; len(mask) < size; counter++ {
		h := hash.New()
		h.Write(seed)
		h.Write([]byte{byte(counter >> 24), byte(counter >> 16), byte(counter >> 8), byte(counter)})
		mask = h.Sum(mask)
	}
	return mask[:size]
}
