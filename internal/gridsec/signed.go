package gridsec

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"

	"arclint/internal/certificate"
)

// maxModulusBits is the largest RSA key with which OpenSSL checks a signature
// (OPENSSL_RSA_MAX_MODULUS_BITS in rsa.h, asked in rsa_ossl.c). Go would reckon
// for minutes with one of a million bits.
const maxModulusBits = 16384

// ErrLargeKey is what OpenSSL calls "modulus too large".
var ErrLargeKey = errors.New("the RSA key is larger than OpenSSL reckons with")

// CheckKey says whether OpenSSL reckons with the public key of the certificate:
// nil or ErrLargeKey.
func (c *Certificate) CheckKey() error {
	if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxModulusBits {
		return ErrLargeKey
	}
	return nil
}

// CheckSignature says whether the key of the certificate made the signature. It
// stands before the method of crypto/x509, which knows no bounds.
func (c *Certificate) CheckSignature(a x509.SignatureAlgorithm, signed, signature []byte) error {
	if err := c.CheckKey(); err != nil {
		return err
	}
	return c.Certificate.CheckSignature(a, signed, signature)
}

// IssuedBy says whether the key of the CA signed the certificate. Where that cannot be
// told (certificate.Uncheckable), the names decide.
func (c *Certificate) IssuedBy(ca *Certificate) bool {
	err := ca.checkSigned(c.Raw, c.RawTBSCertificate, c.Signature)
	return err == nil || errors.As(err, new(certificate.Uncheckable)) && c.IssuerName == ca.SubjectName
}

// Made says whether the key of the certificate made a signature, whose algorithm is an
// AlgorithmIdentifier; doubt is why that cannot be told, else "".
func (c *Certificate) Made(algorithm, signed, signature []byte) (made bool, doubt string) {
	a, ok := certificate.AlgorithmOf(algorithm)
	if !ok {
		return false, ""
	}
	kind, key := certificate.Key(c.RawSubjectPublicKeyInfo)
	err := certificate.Check(kind, key, certificate.Signature{Inner: a, Outer: a}, signed, signature)
	if errors.As(err, new(certificate.Uncheckable)) {
		return false, err.Error()
	}
	return err == nil, ""
}

func (c *Certificate) checkSigned(raw, signed, signature []byte) error {
	kind, key := certificate.Key(c.RawSubjectPublicKeyInfo)
	return certificate.Check(kind, key, certificate.SignatureOf(raw), signed, signature)
}

// WithSHA1 says whether a signature is over a SHA-1 hash.
func WithSHA1(a x509.SignatureAlgorithm) bool {
	return a == x509.SHA1WithRSA || a == x509.DSAWithSHA1 || a == x509.ECDSAWithSHA1
}
