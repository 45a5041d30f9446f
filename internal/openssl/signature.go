package openssl

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 old certificates have such keys
	"crypto/ecdsa"
	"crypto/ed25519"
	_ "crypto/md5" // digests of signatures
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"
	"errors"
	"math/big"

	"arclint/internal/certificate"
	"arclint/internal/gridsec"
)

// scheme is what an algorithm of signatures asks for.
type scheme struct {
	name string
	kind certificate.Kind // of the key
	hash crypto.Hash      // 0: the scheme says itself, or it is none that is known here
	bits int              // of security; 0: OpenSSL does not know
}

const oidPSS = "1.2.840.113549.1.1.10"

// schemes are those of OpenSSL's obj_xref.txt. The strength is half the size of the
// digest, less for SHA-1 and MD5 (x509_sig_info_init).
var schemes = map[string]scheme{
	"1.2.840.113549.1.1.2":    {"MD2-RSA", certificate.RSA, 0, 0},
	"1.2.840.113549.1.1.3":    {"MD4-RSA", certificate.RSA, 0, 64},
	"1.2.840.113549.1.1.4":    {"MD5-RSA", certificate.RSA, crypto.MD5, 39},
	"1.2.840.113549.1.1.5":    {"SHA1-RSA", certificate.RSA, crypto.SHA1, 63},
	"1.3.14.3.2.29":           {"SHA1-RSA", certificate.RSA, crypto.SHA1, 63},
	"1.2.840.113549.1.1.11":   {"SHA256-RSA", certificate.RSA, crypto.SHA256, 128},
	"1.2.840.113549.1.1.12":   {"SHA384-RSA", certificate.RSA, crypto.SHA384, 192},
	"1.2.840.113549.1.1.13":   {"SHA512-RSA", certificate.RSA, crypto.SHA512, 256},
	"1.2.840.113549.1.1.14":   {"SHA224-RSA", certificate.RSA, crypto.SHA224, 112},
	"1.3.36.3.3.1.2":          {"RIPEMD160-RSA", certificate.RSA, 0, 80},
	oidPSS:                    {"RSA-PSS", certificate.RSAPSS, 0, 0},
	"1.2.840.10040.4.3":       {"DSA-SHA1", certificate.DSA, crypto.SHA1, 63},
	"1.3.14.3.2.27":           {"DSA-SHA1", certificate.DSA, crypto.SHA1, 63},
	"2.16.840.1.101.3.4.3.1":  {"DSA-SHA224", certificate.DSA, crypto.SHA224, 112},
	"2.16.840.1.101.3.4.3.2":  {"DSA-SHA256", certificate.DSA, crypto.SHA256, 128},
	"2.16.840.1.101.3.4.3.3":  {"DSA-SHA384", certificate.DSA, crypto.SHA384, 192},
	"2.16.840.1.101.3.4.3.4":  {"DSA-SHA512", certificate.DSA, crypto.SHA512, 256},
	"2.16.840.1.101.3.4.3.9":  {"ECDSA-SHA3-224", certificate.EC, crypto.SHA3_224, 112},
	"2.16.840.1.101.3.4.3.10": {"ECDSA-SHA3-256", certificate.EC, crypto.SHA3_256, 128},
	"2.16.840.1.101.3.4.3.11": {"ECDSA-SHA3-384", certificate.EC, crypto.SHA3_384, 192},
	"2.16.840.1.101.3.4.3.12": {"ECDSA-SHA3-512", certificate.EC, crypto.SHA3_512, 256},
	"2.16.840.1.101.3.4.3.13": {"SHA3-224-RSA", certificate.RSA, crypto.SHA3_224, 112},
	"2.16.840.1.101.3.4.3.14": {"SHA3-256-RSA", certificate.RSA, crypto.SHA3_256, 128},
	"2.16.840.1.101.3.4.3.15": {"SHA3-384-RSA", certificate.RSA, crypto.SHA3_384, 192},
	"2.16.840.1.101.3.4.3.16": {"SHA3-512-RSA", certificate.RSA, crypto.SHA3_512, 256},
	"1.2.840.10045.4.1":       {"ECDSA-SHA1", certificate.EC, crypto.SHA1, 63},
	"1.2.840.10045.4.3.1":     {"ECDSA-SHA224", certificate.EC, crypto.SHA224, 112},
	"1.2.840.10045.4.3.2":     {"ECDSA-SHA256", certificate.EC, crypto.SHA256, 128},
	"1.2.840.10045.4.3.3":     {"ECDSA-SHA384", certificate.EC, crypto.SHA384, 192},
	"1.2.840.10045.4.3.4":     {"ECDSA-SHA512", certificate.EC, crypto.SHA512, 256},
	"1.2.840.10045.4.2":       {"ECDSA with its recommended digest", certificate.EC, 0, 0},
	"1.2.840.10045.4.3":       {"ECDSA with a specified digest", certificate.EC, 0, 0},
	"1.3.101.112":             {"Ed25519", certificate.Ed25519, 0, 128},
	"1.2.156.10197.1.501":     {"SM2-SM3", certificate.SM2, 0, 128},
	"1.3.101.113":             {"Ed448", certificate.Ed448, 0, 224},
}

// pssDigests are the digests that RSASSA-PSS may name.
var pssDigests = map[string]crypto.Hash{
	"1.3.14.3.2.26": crypto.SHA1, "2.16.840.1.101.3.4.2.4": crypto.SHA224, "2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// schemeOf completes the scheme by the parameters of the algorithm.
func schemeOf(a certificate.Algorithm) scheme {
	s := schemes[a.OID]
	if s.name == "" {
		s.name = a.OID
	}
	if a.OID == oidPSS {
		if p, ok := certificate.PSSOf(a.Parameters); ok {
			s.hash = pssDigests[p.Digest]
			if s.hash != 0 {
				s.bits = s.hash.Size() * 4
			}
		}
	}
	return s
}

// signedByKindOf says whether a key of that kind can have made the signature of
// f (check_sig_alg_match).
func (f *facts) signedByKindOf(issuer *facts) bool {
	kind := schemes[f.signature.Inner.OID].kind
	return issuer.keyKind != certificate.NoKey && (kind == issuer.keyKind || kind == certificate.RSAPSS && issuer.keyKind == certificate.RSA)
}

var errNotBy = errors.New("verification error")

// checkSignature says whether the key of issuer made the signature. Whether the
// algorithm is strong enough is asked elsewhere (ASN1_item_verify_ctx).
func checkSignature(issuer *facts, s certificate.Signature, signed, signature []byte) error {
	switch {
	case !s.Inner.Equal(s.Outer):
		return errors.New("the two names of its algorithm are not the same")
	case s.Unused != 0:
		return errors.New("its bits do not fill the last octet")
	}
	if err := gridsec.CheckPublicKey(issuer.key); err != nil {
		return err
	}
	how := schemeOf(s.Outer)
	if how.kind != issuer.keyKind && !(how.kind == certificate.RSAPSS && issuer.keyKind == certificate.RSA) {
		return errors.New("the issuer has a key of another kind")
	}
	digest := signed
	if how.hash != 0 {
		h := how.hash.New()
		h.Write(signed)
		digest = h.Sum(nil)
	}
	return verify(issuer.key, how, s.Outer, digest, signature)
}

func verify(key any, how scheme, a certificate.Algorithm, digest, signature []byte) error {
	ok := false
	switch k := key.(type) {
	case *rsa.PublicKey:
		if how.hash == 0 || k.E == 0 {
			return errors.New("arclint cannot check signatures of this kind")
		}
		if a.OID == oidPSS {
			return verifyPSS(k, how, a, digest, signature)
		}
		return rsa.VerifyPKCS1v15(k, how.hash, digest, signature)
	case *ecdsa.PublicKey:
		ok = ecdsa.VerifyASN1(k, digest, signature)
	case ed25519.PublicKey:
		ok = a.Parameters == nil && ed25519.Verify(k, digest, signature)
	case *dsa.PublicKey:
		ok = verifyDSA(k, digest, signature)
	default:
		return errors.New("arclint cannot check signatures of this kind")
	}
	if !ok {
		return errNotBy
	}
	return nil
}

func verifyPSS(key *rsa.PublicKey, how scheme, a certificate.Algorithm, digest, signature []byte) error {
	p, ok := certificate.PSSOf(a.Parameters)
	if !ok || p.MaskDigest != p.Digest {
		return errors.New("arclint cannot check signatures with these parameters")
	}
	salt := p.Salt
	if salt == 0 {
		salt = rsa.PSSSaltLengthAuto
	}
	return rsa.VerifyPSS(key, how.hash, digest, signature, &rsa.PSSOptions{SaltLength: salt})
}

// maxDSA is the largest modulus in bits with which OpenSSL checks a signature
// (OPENSSL_DSA_MAX_MODULUS_BITS).
const maxDSA = 10000

func verifyDSA(key *dsa.PublicKey, digest, signature []byte) bool {
	var v struct{ R, S *big.Int }
	if q := key.Q.BitLen(); key.P.BitLen() > maxDSA || q != 160 && q != 224 && q != 256 || !unmarshal(signature, &v) {
		return false
	}
	if size := (key.Q.BitLen() + 7) / 8; len(digest) > size {
		digest = digest[:size]
	}
	return dsa.Verify(key, digest, v.R, v.S)
}
