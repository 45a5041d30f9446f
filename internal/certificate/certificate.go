// Package certificate reads certificates as OpenSSL does (d2i_X509). What crypto/x509
// refuses and OpenSSL takes is read: names with characters that their type does not
// have, negative serial numbers, any version, BER, keys of other curves, extensions
// that make no sense. What OpenSSL refuses is refused. A CE trusts what its OpenSSL
// reads, whatever the standards say.
package certificate

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math"
	"math/big"

	"arclint/internal/ber"
)

// ErrRefused says that OpenSSL does not read the certificate.
var ErrRefused = errors.New("it is no certificate that OpenSSL reads")

// Read reads the certificate at the beginning of the bytes and says what follows it.
// Of one that crypto/x509 reads everything is as there, but
//   - a certificate of version 1 or 2 has the extensions that stand in it, which
//     OpenSSL heeds: in Extensions alone;
//   - a time that OpenSSL cannot compare is the zero time.
//
// Of another one RawSubject and RawIssuer are in DER, PublicKey is nil where the key
// is of no kind that is known here, and the fields for extensions are filled as far
// as crypto/x509 takes each of them alone. The error is ErrRefused.
func Read(data []byte) (cert *x509.Certificate, rest []byte, err error) {
	rest, strict, ok := certificateType.Check(data)
	if !ok {
		return nil, nil, ErrRefused
	}
	whole := data[: len(data)-len(rest) : len(data)-len(rest)]
	if strict {
		if cert, err := x509.ParseCertificate(whole); err == nil {
			heedTimes(cert)
			heedVersion(cert)
			return cert, rest, nil
		}
	}
	v, _, ok := certificateType.Read(whole)
	if !ok {
		return nil, nil, ErrRefused
	}
	return fill(v), rest, nil
}

// heedVersion adds the extensions of a certificate whose version has none.
func heedVersion(cert *x509.Certificate) {
	if cert.Version >= 3 {
		return
	}
	if v, _, ok := tbsType.Read(cert.RawTBSCertificate); ok {
		cert.Extensions = extensionList(v.Parts[fieldExtensions])
	}
}

// fill makes a certificate of what was read.
func fill(v *ber.Value) *x509.Certificate {
	tbs := v.Parts[0].Parts
	cert := surrogate(v)
	cert.Raw, cert.RawTBSCertificate = v.Whole, v.Parts[0].Whole
	cert.RawSubjectPublicKeyInfo = tbs[fieldKey].Whole
	cert.RawSubject, cert.RawIssuer = asStands(tbs[fieldSubject]), asStands(tbs[fieldIssuer])
	cert.Subject, cert.Issuer = nameOf(tbs[fieldSubject]), nameOf(tbs[fieldIssuer])
	cert.Version = versionOf(tbs[fieldVersion])
	cert.SerialNumber = number(tbs[fieldSerial].Content)
	cert.NotBefore, _ = timeOf(tbs[fieldValidity].Parts[0])
	cert.NotAfter, _ = timeOf(tbs[fieldValidity].Parts[1])
	cert.Signature = bitsOf(v.Parts[2])
	return cert
}

// asStands is a value as it stands where that is DER.
func asStands(v *ber.Value) []byte {
	if der := v.DER(); string(der) != string(v.Whole) {
		return der
	}
	return v.Whole
}

// versionOf is one more than what stands there, as in crypto/x509. One that has no
// meaning is math.MaxInt32.
func versionOf(v *ber.Value) int {
	if v == nil {
		return 1
	}
	n := number(v.Parts[0].Content)
	if !n.IsInt64() || n.Int64() < 0 || n.Int64() >= math.MaxInt32 {
		return math.MaxInt32
	}
	return int(n.Int64()) + 1
}

// number is an INTEGER.
func number(content []byte) *big.Int {
	n := new(big.Int).SetBytes(content)
	if content[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(content))))
	}
	return n
}

// bitsOf are the bits of a BIT STRING, as crypto/x509 aligns them.
func bitsOf(v *ber.Value) []byte {
	b := asn1.BitString{Bytes: v.Content[1:], BitLength: 8*(len(v.Content)-1) - int(v.Content[0])}
	return b.RightAlign()
}
