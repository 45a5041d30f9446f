package certificate

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 old certificates have such keys
	"crypto/ecdsa"
	"crypto/ed25519"
	_ "crypto/md5" // digests of signatures
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"
	"encoding/asn1"
	"errors"
	"math/big"
)

// Scheme is what an algorithm of signatures asks for.
type Scheme struct {
	Name string
	Kind Kind        // of the key
	hash crypto.Hash // 0: the scheme says itself, or it is none that is known here
	Bits int         // of security; 0: OpenSSL does not know
}

const oidPSS = "1.2.840.113549.1.1.10"

// schemes are those of OpenSSL's obj_xref.txt. The strength is half the size of the
// digest, less for SHA-1 and MD5 (x509_sig_info_init).
var schemes = map[string]Scheme{
	"1.2.840.113549.1.1.2":    {"MD2-RSA", RSA, 0, 0},
	"1.2.840.113549.1.1.3":    {"MD4-RSA", RSA, 0, 64},
	"1.2.840.113549.1.1.4":    {"MD5-RSA", RSA, crypto.MD5, 39},
	"1.2.840.113549.1.1.5":    {"SHA1-RSA", RSA, crypto.SHA1, 63},
	"1.3.14.3.2.29":           {"SHA1-RSA", RSA, crypto.SHA1, 63},
	"1.2.840.113549.1.1.11":   {"SHA256-RSA", RSA, crypto.SHA256, 128},
	"1.2.840.113549.1.1.12":   {"SHA384-RSA", RSA, crypto.SHA384, 192},
	"1.2.840.113549.1.1.13":   {"SHA512-RSA", RSA, crypto.SHA512, 256},
	"1.2.840.113549.1.1.14":   {"SHA224-RSA", RSA, crypto.SHA224, 112},
	"1.3.36.3.3.1.2":          {"RIPEMD160-RSA", RSA, 0, 80},
	oidPSS:                    {"RSA-PSS", RSAPSS, 0, 0},
	"1.2.840.10040.4.3":       {"DSA-SHA1", DSA, crypto.SHA1, 63},
	"1.3.14.3.2.27":           {"DSA-SHA1", DSA, crypto.SHA1, 63},
	"2.16.840.1.101.3.4.3.1":  {"DSA-SHA224", DSA, crypto.SHA224, 112},
	"2.16.840.1.101.3.4.3.2":  {"DSA-SHA256", DSA, crypto.SHA256, 128},
	"2.16.840.1.101.3.4.3.3":  {"DSA-SHA384", DSA, crypto.SHA384, 192},
	"2.16.840.1.101.3.4.3.4":  {"DSA-SHA512", DSA, crypto.SHA512, 256},
	"2.16.840.1.101.3.4.3.9":  {"ECDSA-SHA3-224", EC, crypto.SHA3_224, 112},
	"2.16.840.1.101.3.4.3.10": {"ECDSA-SHA3-256", EC, crypto.SHA3_256, 128},
	"2.16.840.1.101.3.4.3.11": {"ECDSA-SHA3-384", EC, crypto.SHA3_384, 192},
	"2.16.840.1.101.3.4.3.12": {"ECDSA-SHA3-512", EC, crypto.SHA3_512, 256},
	"2.16.840.1.101.3.4.3.13": {"SHA3-224-RSA", RSA, crypto.SHA3_224, 112},
	"2.16.840.1.101.3.4.3.14": {"SHA3-256-RSA", RSA, crypto.SHA3_256, 128},
	"2.16.840.1.101.3.4.3.15": {"SHA3-384-RSA", RSA, crypto.SHA3_384, 192},
	"2.16.840.1.101.3.4.3.16": {"SHA3-512-RSA", RSA, crypto.SHA3_512, 256},
	"1.2.840.10045.4.1":       {"ECDSA-SHA1", EC, crypto.SHA1, 63},
	"1.2.840.10045.4.3.1":     {"ECDSA-SHA224", EC, crypto.SHA224, 112},
	"1.2.840.10045.4.3.2":     {"ECDSA-SHA256", EC, crypto.SHA256, 128},
	"1.2.840.10045.4.3.3":     {"ECDSA-SHA384", EC, crypto.SHA384, 192},
	"1.2.840.10045.4.3.4":     {"ECDSA-SHA512", EC, crypto.SHA512, 256},
	"1.2.840.10045.4.2":       {"ECDSA with its recommended digest", EC, 0, 0},
	"1.2.840.10045.4.3":       {"ECDSA with a specified digest", EC, 0, 0},
	"1.3.101.112":             {"Ed25519", Ed25519, 0, 128},
	"1.2.156.10197.1.501":     {"SM2-SM3", SM2, 0, 128},
	"1.3.101.113":             {"Ed448", Ed448, 0, 224},
}

// pssHashes are the digests that RSASSA-PSS may name.
var pssHashes = map[string]crypto.Hash{
	"1.3.14.3.2.26": crypto.SHA1, "2.16.840.1.101.3.4.2.4": crypto.SHA224, "2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// SchemeOf gives the scheme, completed by the parameters of the algorithm. One that is
// not known has the OID as its name and no Kind.
func SchemeOf(a Algorithm) Scheme {
	s := schemes[a.OID]
	if s.Name == "" {
		s.Name = a.OID
	}
	if a.OID == oidPSS {
		if p, ok := PSSOf(a.Parameters); ok {
			s.hash = pssHashes[p.Digest]
			s.Bits = pssBits(s.hash)
		}
	}
	return s
}

// pssBits is what RSASSA-PSS with that digest is worth (rsa_sig_info_set).
func pssBits(hash crypto.Hash) int {
	switch hash {
	case 0:
		return 0
	case crypto.SHA1:
		return 64
	}
	return hash.Size() * 4
}

var errNotBy = errors.New("verification error")

// Uncheckable says why arclint cannot tell whether a signature is good; OpenSSL can.
type Uncheckable string

func (u Uncheckable) Error() string { return string(u) }

// IsECDSAWithSHA3 says whether it is one of the four schemes of that kind, which
// OpenSSL 3.0 does not know.
func (s Scheme) IsECDSAWithSHA3() bool {
	return s.Kind == EC && (s.hash == crypto.SHA3_224 || s.hash == crypto.SHA3_256 || s.hash == crypto.SHA3_384 || s.hash == crypto.SHA3_512)
}

// Fits says whether a key of that kind may have made signatures of the scheme
// (ossl_x509_check_signing_allowed of x509_vfy.c, check_sig_alg_match of v3_purp.c).
func (s Scheme) Fits(key Kind) bool {
	return key != NoKey && (s.Kind == key || s.Kind == RSAPSS && key == RSA)
}

// Check says whether the key, as Key gives it, made the signature: an Uncheckable where
// arclint cannot tell. Whether the algorithm is strong enough is asked elsewhere
// (ASN1_item_verify_ctx of OpenSSL).
func Check(kind Kind, key any, s Signature, signed, signature []byte) error {
	how := SchemeOf(s.Outer)
	switch {
	case !s.Inner.Equal(s.Outer):
		return errors.New("the two names of its algorithm are not the same")
	case s.Unused != 0:
		return errors.New("its bits do not fill the last octet")
	case !how.Fits(kind):
		return errors.New("the issuer has a key of another kind")
	}
	digest := signed
	if how.hash != 0 {
		h := how.hash.New()
		h.Write(signed)
		digest = h.Sum(nil)
	}
	if _, bare := key.(Strength); bare && kind == EC {
		return Uncheckable("arclint does not know the curve of the key")
	} else if bare {
		return Uncheckable("arclint does not know keys of the kind " + string(kind))
	}
	return verify(key, how, s.Outer, digest, signature)
}

func verify(key any, how Scheme, a Algorithm, digest, signature []byte) error {
	ok := false
	switch k := key.(type) {
	case *RSAKey:
		switch {
		case a.OID == oidPSS:
			return verifyPSS(k, a, digest, signature)
		case how.hash == 0:
			return Uncheckable("arclint does not know the algorithm " + how.Name)
		}
		return verifyPKCS1(k, how.hash, digest, signature)
	case *ecdsa.PublicKey:
		if how.hash == 0 {
			return Uncheckable("arclint does not know the algorithm " + how.Name)
		}
		ok = ecdsa.VerifyASN1(k, digest, signature)
	case ed25519.PublicKey:
		ok = a.Parameters == nil && ed25519.Verify(k, digest, signature)
	case *dsa.PublicKey:
		ok = verifyDSA(k, digest, signature)
	}
	if !ok {
		return errNotBy
	}
	return nil
}

// maxDSA is the largest modulus in bits with which OpenSSL checks a signature
// (OPENSSL_DSA_MAX_MODULUS_BITS).
const maxDSA = 10000

func verifyDSA(key *dsa.PublicKey, digest, signature []byte) bool {
	var v struct{ R, S *big.Int }
	if q := key.Q.BitLen(); key.P.BitLen() > maxDSA || q != 160 && q != 224 && q != 256 || !readDER(signature, &v) {
		return false
	}
	if size := (key.Q.BitLen() + 7) / 8; len(digest) > size {
		digest = digest[:size]
	}
	return dsa.Verify(key, digest, v.R, v.S)
}

func readDER(der []byte, v any) bool {
	rest, err := asn1.Unmarshal(der, v)
	return err == nil && len(rest) == 0
}
