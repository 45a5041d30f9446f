package certificate

import "arclint/internal/ber"

// Signature is what stands beside the signature of a certificate or a CRL. It names its
// algorithm twice: among what is signed, and outside.
type Signature struct {
	Inner, Outer Algorithm
	Unused       int // bits at the end that do not count; OpenSSL wants none
}

// Algorithm is an AlgorithmIdentifier.
type Algorithm struct {
	OID        string // dotted
	Parameters []byte // in DER; nil: none
	der        string
}

// Equal says whether the two have the same parameters, too.
func (a Algorithm) Equal(b Algorithm) bool { return a.der == b.der }

// SignatureOf reads what stands in a signed structure that OpenSSL reads.
func SignatureOf(raw []byte) (s Signature) {
	outer, _, _ := ber.First(raw)
	tbs, rest, _ := ber.First(outer.Content)
	s.Outer, rest = readAlgorithm(rest)
	if bits, _, ok := bitString.Read(rest); ok {
		s.Unused = int(bits.Content[0])
	}
	for at := tbs.Content; len(at) > 0; {
		e, after, ok := ber.First(at)
		if !ok {
			break
		}
		if e.Class == ber.Universal && e.Tag == ber.Sequence { // a version and a serial number stand before it
			s.Inner, _ = readAlgorithm(at)
			break
		}
		at = after
	}
	return s
}

// AlgorithmOf reads an AlgorithmIdentifier.
func AlgorithmOf(der []byte) (a Algorithm, ok bool) {
	a, rest := readAlgorithm(der)
	return a, a.der != "" && len(rest) == 0
}

func readAlgorithm(data []byte) (a Algorithm, rest []byte) {
	v, rest, ok := algorithm.Read(data)
	if !ok {
		return a, nil
	}
	a.OID, a.der = arcs(v.Parts[0].Content).String(), string(v.DER())
	if p := v.Parts[1]; p != nil {
		a.Parameters = p.DER()
	}
	return a, rest
}

// PSS are the parameters of RSASSA-PSS (RFC 4055 section 3.1).
type PSS struct {
	Digest, MaskDigest string // OIDs
	Salt               int
}

const (
	oidSHA1 = "1.3.14.3.2.26"
	oidMGF1 = "1.2.840.113549.1.1.8"
)

var pssType = ber.Seq(ber.Opt(algorithm).Within(0), ber.Opt(algorithm).Within(1), ber.Opt(integer).Within(2), ber.Opt(integer).Within(3))

// PSSOf reads the parameters; ok is false where they cannot be read.
func PSSOf(parameters []byte) (p PSS, ok bool) {
	v, _, ok := pssType.Read(parameters)
	if !ok {
		return p, false
	}
	p = PSS{oidSHA1, oidSHA1, 20}
	if d := v.Parts[0]; d != nil {
		p.Digest = arcs(d.Parts[0].Parts[0].Content).String()
	}
	if mask := v.Parts[1]; mask != nil {
		of := mask.Parts[0].Parts
		if arcs(of[0].Content).String() != oidMGF1 || of[1] == nil {
			return p, false
		}
		digest, _ := readAlgorithm(of[1].DER())
		p.MaskDigest = digest.OID
	}
	if salt := v.Parts[2]; salt != nil {
		n := number(salt.Parts[0].Content)
		if !n.IsInt64() || n.Sign() < 0 || n.Int64() > 1<<16 {
			return p, false
		}
		p.Salt = int(n.Int64())
	}
	if trailer := v.Parts[3]; trailer != nil && number(trailer.Parts[0].Content).Int64() != 1 {
		return p, false
	}
	return p, true
}
