package trust

import (
	"crypto/ecdsa"
	"fmt"

	"arclint/internal/gridsec"
)

// CurveRefuses says whether a CE refuses the client
// certificate for the curve of its key, and why. Without TLS 1.3
// a server that names its curves accepts no key on another one; tlscurve names
// exactly one. A name that OpenSSL does not know as an elliptic curve lifts the
// limit. In TLS 1.3 the curve of the key does not matter
// (arc-behaviour D10).
func CurveRefuses(tls13 bool, tlscurve string, cert *gridsec.Certificate) (refused bool, why string) {
	key, ok := cert.PublicKey.(*ecdsa.PublicKey)
	if tls13 || !ok || !isCurve(tlscurve) {
		return false, ""
	}
	if name := shortCurveName(key.Params().Name); name != tlscurve {
		return true, fmt.Sprintf("the key of %s is on the curve %s, but this CE speaks TLS 1.2 with tlscurve=%s, which admits keys on that curve only", cert.SubjectName, name, tlscurve)
	}
	return false, ""
}

// shortCurveName is OpenSSL's name of a curve that crypto/x509 reads.
func shortCurveName(name string) string {
	switch name {
	case "P-224":
		return "secp224r1"
	case "P-256":
		return "prime256v1"
	case "P-384":
		return "secp384r1"
	case "P-521":
		return "secp521r1"
	}
	return name
}

// isCurve knows the short names of the elliptic curves that OpenSSL can use in
// TLS (nid_to_group in ssl/t1_lib.c). X25519 and X448 are none of them: ARC asks
// for an elliptic curve key and gets none.
func isCurve(name string) bool {
	switch name {
	case "sect163k1", "sect163r1", "sect163r2", "sect193r1", "sect193r2", "sect233k1", "sect233r1",
		"sect239k1", "sect283k1", "sect283r1", "sect409k1", "sect409r1", "sect571k1", "sect571r1",
		"secp160k1", "secp160r1", "secp160r2", "secp192k1", "prime192v1", "secp224k1", "secp224r1",
		"secp256k1", "prime256v1", "secp384r1", "secp521r1",
		"brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1":
		return true
	}
	return false
}
