package openssl

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 old certificates have such keys
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/md5"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"math"
)

// securityBits says how strong OpenSSL takes a public key for
// (EVP_PKEY_get_security_bits). 0 stands for a kind of key that it does not
// know.
func securityBits(key any) int {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return modulusBits(k.N.BitLen())
	case *ecdsa.PublicKey:
		return k.Curve.Params().N.BitLen() / 2
	case ed25519.PublicKey:
		return 128
	case *dsa.PublicKey:
		return min(modulusBits(k.P.BitLen()), k.Q.BitLen()/2)
	}
	return 0
}

// modulusBits is the estimate of NIST SP 800-56B, appendix D, rounded to a
// multiple of 8 as OpenSSL does (ossl_ifc_ffc_compute_security_bits).
func modulusBits(n int) int {
	switch {
	case n < 8:
		return 0
	case n == 2048:
		return 112
	case n == 3072:
		return 128
	case n == 4096:
		return 152
	case n > 4096:
		return 152 // enough for every level in use
	}
	x := float64(n) * math.Ln2
	bits := (1.923*math.Cbrt(x*math.Pow(math.Log(x), 2)) - 4.69) / math.Ln2
	return (int(bits) + 4) &^ 7
}

// signatureBits says how strong OpenSSL takes a signature for: half the size of
// the digest, less for SHA-1 and MD5 (x509_sig_info_init). 0 stands for an
// algorithm that it does not know.
func signatureBits(a x509.SignatureAlgorithm) int {
	switch a {
	case x509.MD5WithRSA:
		return 39
	case x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return 63
	case x509.SHA256WithRSA, x509.SHA256WithRSAPSS, x509.DSAWithSHA256, x509.ECDSAWithSHA256, x509.PureEd25519:
		return 128
	case x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384:
		return 192
	case x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512:
		return 256
	}
	return 0
}

// levelBits is how many bits of security a security level of OpenSSL asks for.
func levelBits(level int) int {
	bits := [...]int{0, 80, 112, 128, 192, 256}
	return bits[max(0, min(level, len(bits)-1))]
}

// signedByKindOf says whether a key of that kind can have made the signature of
// f (check_sig_alg_match).
func (f *facts) signedByKindOf(issuer *facts) bool {
	return keyKind(f.SignatureAlgorithm) == issuer.PublicKeyAlgorithm &&
		issuer.PublicKeyAlgorithm != x509.UnknownPublicKeyAlgorithm
}

func keyKind(a x509.SignatureAlgorithm) x509.PublicKeyAlgorithm {
	switch a {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.SHA256WithRSA, x509.SHA384WithRSA,
		x509.SHA512WithRSA, x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS:
		return x509.RSA
	case x509.DSAWithSHA1, x509.DSAWithSHA256:
		return x509.DSA
	case x509.ECDSAWithSHA1, x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512:
		return x509.ECDSA
	case x509.PureEd25519:
		return x509.Ed25519
	}
	return x509.UnknownPublicKeyAlgorithm
}

// checkSignature says whether the key of issuer made the signature. Whether the
// algorithm is strong enough is asked elsewhere.
func checkSignature(issuer *facts, a x509.SignatureAlgorithm, signed, signature []byte) error {
	if err := issuer.CheckKey(); err != nil {
		return err
	}
	if a != x509.MD5WithRSA {
		return issuer.CheckSignature(a, signed, signature)
	}
	key, ok := issuer.PublicKey.(*rsa.PublicKey)
	if !ok {
		return errors.New("the issuer has no RSA key")
	}
	digest := md5.Sum(signed)
	return rsa.VerifyPKCS1v15(key, crypto.MD5, digest[:], signature)
}
