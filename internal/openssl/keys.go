package openssl

import (
	"crypto/dsa" //lint:ignore SA1019 old certificates have such keys
	"crypto/ecdsa"
	"crypto/ed25519"
	"math"

	"arclint/internal/certificate"
)

// securityBits says how strong OpenSSL takes a public key for
// (EVP_PKEY_get_security_bits). 0 stands for a kind of key that it does not
// know.
func securityBits(key any) int {
	switch k := key.(type) {
	case *certificate.RSAKey:
		return modulusBits(k.N.BitLen())
	case *ecdsa.PublicKey:
		return k.Curve.Params().N.BitLen() / 2
	case ed25519.PublicKey:
		return 128
	case *dsa.PublicKey:
		return min(modulusBits(k.P.BitLen()), k.Q.BitLen()/2)
	case certificate.Strength:
		return int(k)
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

// levelBits is how many bits of security a security level of OpenSSL asks for.
func levelBits(level int) int {
	bits := [...]int{0, 80, 112, 128, 192, 256}
	return bits[max(0, min(level, len(bits)-1))]
}
