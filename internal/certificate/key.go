package certificate

import (
	"crypto/dsa" //lint:ignore SA1019 old certificates have such keys
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"math/big"

	"arclint/internal/ber"
)

// Kind is a kind of public key, as OpenSSL calls it.
type Kind string

// The kinds of keys with which certificates are signed.
const (
	NoKey   Kind = "" // OpenSSL cannot read it, or knows no such kind
	RSA     Kind = "RSA"
	RSAPSS  Kind = "RSA-PSS"
	EC      Kind = "EC"
	DSA     Kind = "DSA"
	Ed25519 Kind = "ED25519"
	Ed448   Kind = "ED448"
	SM2     Kind = "SM2"
)

// Strength stands for a key whose signatures are not checked here: its bits of
// security.
type Strength int

// RSAKey is a key of RSA as OpenSSL takes it: any two numbers. crypto/rsa wants an
// exponent that is small and odd.
type RSAKey struct {
	N, E   *big.Int
	Limits *PSS // of a key for RSASSA-PSS that names its parameters; else nil
}

// keyKinds are the kinds by the OID of the algorithm.
var keyKinds = map[string]Kind{
	"1.2.840.113549.1.1.1": RSA, "2.5.8.1.1": RSA, "1.2.840.113549.1.1.10": RSAPSS, "1.2.840.10045.2.1": EC, "1.2.840.10040.4.1": DSA,
	"1.3.101.112": Ed25519, "1.3.101.113": Ed448,
}

// pssDigests are the digests to which a key of RSASSA-PSS may be limited: SHA-1 and the
// SHA-2 family.
var pssDigests = map[string]bool{
	oidSHA1: true, "2.16.840.1.101.3.4.2.1": true, "2.16.840.1.101.3.4.2.2": true, "2.16.840.1.101.3.4.2.3": true,
	"2.16.840.1.101.3.4.2.4": true, "2.16.840.1.101.3.4.2.5": true, "2.16.840.1.101.3.4.2.6": true,
}

var (
	magnitude     = ber.Prim(ber.Unsigned)
	rsaKey        = ber.Seq(ber.F(magnitude), ber.F(magnitude))
	dsaParameters = ber.Seq(ber.F(magnitude), ber.F(magnitude), ber.F(magnitude))
)

// Key reads a SubjectPublicKeyInfo as OpenSSL does. Where it reads one whose signatures
// are not checked here, key is its Strength.
func Key(info []byte) (kind Kind, key any) {
	v, _, ok := publicKey.Read(info)
	if !ok {
		return NoKey, nil
	}
	return keyOf(v)
}

func keyOf(v *ber.Value) (Kind, any) {
	parameters, bits := v.Parts[0].Parts[1], v.Parts[1].Content[1:]
	kind := keyKinds[arcs(v.Parts[0].Parts[0].Content).String()]
	ok := false
	var key any
	switch kind {
	case RSA:
		key, ok = readRSA(bits)
	case RSAPSS:
		key, ok = readPSS(parameters, bits)
	case EC:
		kind, key, ok = readEC(parameters, bits)
	case DSA:
		key, ok = readDSA(parameters, bits)
	case Ed25519:
		key, ok = ed25519.PublicKey(bits), len(bits) == ed25519.PublicKeySize && parameters == nil
	case Ed448:
		key, ok = Strength(224), len(bits) == 57 && parameters == nil
	}
	if !ok {
		return NoKey, nil
	}
	return kind, key
}

// readRSA takes numbers as they stand, without a sign, and asks for no parameters.
func readRSA(bits []byte) (key *RSAKey, ok bool) {
	v, _, ok := rsaKey.Read(bits)
	if !ok {
		return nil, false
	}
	return &RSAKey{N: unsigned(v.Parts[0]), E: unsigned(v.Parts[1])}, true
}

// readPSS reads a key for RSASSA-PSS alone, which may name what it may be used with
// (RFC 4055 section 1.2).
func readPSS(parameters *ber.Value, bits []byte) (key *RSAKey, ok bool) {
	if key, ok = readRSA(bits); !ok || parameters == nil {
		return key, ok
	}
	limits, sound := PSSOf(parameters.DER())
	key.Limits = &limits
	return key, sound && pssDigests[limits.Digest] && pssDigests[limits.MaskDigest]
}

// forCrypto is the key in the terms of crypto/rsa; E is 0 where that has none.
func (k *RSAKey) forCrypto() *rsa.PublicKey {
	if !k.E.IsInt64() || k.E.Int64() > 1<<31-1 {
		return &rsa.PublicKey{N: k.N}
	}
	return &rsa.PublicKey{N: k.N, E: int(k.E.Int64())}
}

func unsigned(v *ber.Value) *big.Int { return new(big.Int).SetBytes(v.Content) }

func readDSA(parameters *ber.Value, bits []byte) (key any, ok bool) {
	y, _, ok := magnitude.Read(bits)
	if !ok || parameters == nil {
		return nil, false
	}
	v, _, ok := dsaParameters.Read(parameters.DER())
	if !ok {
		return nil, false
	}
	return &dsa.PublicKey{Parameters: dsa.Parameters{P: unsigned(v.Parts[0]), Q: unsigned(v.Parts[1]), G: unsigned(v.Parts[2])}, Y: unsigned(y)}, true
}

// readEC reads a point in any of its forms, on a curve that has a name or is given by
// its numbers. On a curve that is not known here the key is its Strength.
func readEC(parameters *ber.Value, point []byte) (kind Kind, key any, ok bool) {
	switch of := curveOf(parameters).(type) {
	case Strength:
		return EC, of, len(point) > 1
	case elliptic.Curve:
		x, y := readPoint(of, point)
		if x == nil {
			return NoKey, nil, false
		}
		if of.Params().Name == "SM2" {
			return SM2, Strength(128), true
		}
		return EC, &ecdsa.PublicKey{Curve: of, X: x, Y: y}, true
	}
	return NoKey, nil, false
}

func readPoint(of elliptic.Curve, point []byte) (x, y *big.Int) {
	size := (of.Params().BitSize + 7) / 8
	if len(point) < 1+size {
		return nil, nil
	}
	form := point[0]
	x = new(big.Int).SetBytes(point[1 : 1+size])
	switch {
	case len(point) == 1+size && form>>1 == 1:
		if y = lift(of, x, form&1 == 1); y == nil {
			return nil, nil
		}
		return x, y
	case len(point) != 1+2*size || form != 4 && (form>>1 != 3 || form&1 != point[2*size]&1):
		return nil, nil
	}
	y = new(big.Int).SetBytes(point[1+size:])
	if p := of.Params().P; x.Cmp(p) >= 0 || y.Cmp(p) >= 0 || !asCurve(of).IsOnCurve(x, y) {
		return nil, nil
	}
	return x, y
}

// curveNumbers are the parameters of a curve over a prime field (ECParameters in
// OpenSSL's ec_asn1.c).
var curveNumbers = ber.Seq(
	ber.F(integer), ber.F(ber.Seq(ber.F(oid), ber.F(ber.Any()))), ber.F(ber.Seq(ber.F(octets), ber.F(octets), ber.Opt(bitString))),
	ber.F(octets), ber.F(integer), ber.Opt(integer))

const (
	oidPrimeField = "1.2.840.10045.1.1"
	maxField      = 661 // bits, OPENSSL_ECC_MAX_FIELD_BITS
)

// nameless is the name of a curve that has none.
const nameless = "given by its numbers"

// HasOwnCurve says whether a key gives its curve by numbers and not by name.
func HasOwnCurve(key any) bool {
	k, ok := key.(*ecdsa.PublicKey)
	return ok && k.Params().Name == nameless
}

// curveOf is an elliptic.Curve, a Strength, or nil.
func curveOf(parameters *ber.Value) any {
	switch {
	case parameters == nil || parameters.Class != ber.Universal:
		return nil
	case parameters.Tag == ber.OID:
		return named()[Dotted(parameters.Content)]
	}
	v, _, ok := curveNumbers.Read(parameters.DER())
	if !ok || Dotted(v.Parts[1].Parts[0].Content) != oidPrimeField {
		return nil
	}
	prime, _, ok := integer.Read(v.Parts[1].Parts[1].DER())
	if !ok {
		return nil
	}
	p, n, base := number(prime.Content), number(v.Parts[4].Content), v.Parts[3].Content
	if p.Sign() <= 0 || p.BitLen() > maxField || p.Bit(0) == 0 || n.Sign() <= 0 || n.BitLen() > p.BitLen()+1 || !p.ProbablyPrime(10) {
		return nil
	}
	c := curve{&elliptic.CurveParams{Name: nameless, P: p, N: n, B: unsigned(v.Parts[2].Parts[1]), BitSize: p.BitLen()}, unsigned(v.Parts[2].Parts[0])}
	if c.Gx, c.Gy = readPoint(c, base); c.Gx == nil {
		return nil
	}
	return c
}

// otherKey is a key that crypto/x509 refuses, in its terms.
func otherKey(v *ber.Value) (x509.PublicKeyAlgorithm, any) {
	kind, key := keyOf(v)
	if _, bare := key.(Strength); bare {
		key = nil
	}
	switch kind {
	case RSA:
		return x509.RSA, key.(*RSAKey).forCrypto()
	case EC:
		return x509.ECDSA, key
	case DSA:
		return x509.DSA, key
	case Ed25519:
		return x509.Ed25519, key
	}
	return x509.UnknownPublicKeyAlgorithm, nil
}
