package gridsec

// SignedBy says whether the key of the certificate signed the list. SHA-1
// signatures count, as they do for OpenSSL on a CRL.
func (c *CRL) SignedBy(ca *Certificate) bool {
	return ca.CheckSignature(c.SignatureAlgorithm, c.RawTBSRevocationList, c.Signature) == nil
}
