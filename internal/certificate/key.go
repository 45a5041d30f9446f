package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"math/big"

	"arclint/internal/ber"
)

// The algorithms of keys that OpenSSL takes in more forms than crypto/x509.
const (
	oidRSA = "1.2.840.113549.1.1.1"
	oidEC  = "1.2.840.10045.2.1"
	oidDSA = "1.2.840.10040.4.1"
)

var rsaKey = ber.Seq(ber.F(integer), ber.F(integer))

// otherKey reads a key that crypto/x509 refuses; nil where it is of no kind that is
// known here.
func otherKey(v *ber.Value) (x509.PublicKeyAlgorithm, any) {
	parameters, bits := v.Parts[0].Parts[1], v.Parts[1].Content[1:]
	switch arcs(v.Parts[0].Parts[0].Content).String() {
	case oidRSA:
		if key := readRSA(bits); key != nil {
			return x509.RSA, key
		}
		return x509.RSA, nil
	case oidEC:
		if key := readEC(parameters, bits); key != nil {
			return x509.ECDSA, key
		}
		return x509.ECDSA, nil
	case oidDSA:
		return x509.DSA, nil
	case "1.3.101.112":
		return x509.Ed25519, nil
	}
	return x509.UnknownPublicKeyAlgorithm, nil
}

// readRSA does not ask for parameters, as OpenSSL does not.
func readRSA(bits []byte) *rsa.PublicKey {
	v, _, ok := rsaKey.Read(bits)
	if !ok {
		return nil
	}
	n, e := number(v.Parts[0].Content), number(v.Parts[1].Content)
	if n.Sign() <= 0 || e.Sign() <= 0 || !e.IsInt64() || e.Int64() > 1<<31-1 {
		return nil
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}
}

// readEC reads a point in its short form.
func readEC(parameters *ber.Value, point []byte) *ecdsa.PublicKey {
	if parameters == nil || parameters.Tag != ber.OID || parameters.Class != ber.Universal {
		return nil
	}
	curve := map[string]elliptic.Curve{
		"1.3.132.0.33": elliptic.P224(), "1.2.840.10045.3.1.7": elliptic.P256(), "1.3.132.0.34": elliptic.P384(), "1.3.132.0.35": elliptic.P521(),
	}[arcs(parameters.Content).String()]
	if curve == nil {
		return nil
	}
	x, y := elliptic.UnmarshalCompressed(curve, point)
	if x == nil {
		return nil
	}
	return &ecdsa.PublicKey{Curve: curve, X: new(big.Int).Set(x), Y: new(big.Int).Set(y)}
}
