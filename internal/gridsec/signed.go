package gridsec

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
)

// maxModulusBits is the largest RSA key with which OpenSSL checks a signature
// (OPENSSL_RSA_MAX_MODULUS_BITS in rsa.h, asked in rsa_ossl.c). Go would reckon
// for minutes with one of a million bits.
const maxModulusBits = 16384

// ErrLargeKey is what OpenSSL calls "modulus too large".
var ErrLargeKey = errors.New("the RSA key is larger than OpenSSL reckons with")

// CheckKey says whether OpenSSL reckons with the public key of the certificate:
// nil or ErrLargeKey.
func (c *Certificate) CheckKey() error { return CheckPublicKey(c.PublicKey) }

// CheckPublicKey is CheckKey for a key that was read apart.
func CheckPublicKey(public any) error {
	if key, ok := public.(*rsa.PublicKey); ok && key.N.BitLen() > maxModulusBits {
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

// IssuedBy says whether the key of the CA signed the certificate, as
// x509.Certificate.CheckSignatureFrom does.
func (c *Certificate) IssuedBy(ca *Certificate) bool {
	return ca.CheckKey() == nil && c.CheckSignatureFrom(ca.Certificate) == nil
}

// SignedBy says whether the key of the certificate signed the list. SHA-1
// signatures count, as they do for OpenSSL on a CRL.
func (c *CRL) SignedBy(ca *Certificate) bool {
	return ca.CheckSignature(c.SignatureAlgorithm, c.RawTBSRevocationList, c.Signature) == nil
}
