package trust

import (
	"crypto/rsa"
	"crypto/x509"

	"arclint/internal/site"
	"arclint/lint"
)

const minRSA = 2048 // OpenSSL's security level 2

var caWeak = &lint.Rule{
	ID:       "trust/ca-weak",
	Title:    "A trust anchor is too weak for OpenSSL's security level 2",
	Why:      "OpenSSL refuses every chain through a CA with an RSA key of less than 2048 bits, or an intermediate CA with a SHA-1 signature. On a self-signed root the signature does not matter, since nobody checks it.",
	Source:   "arc-behaviour D7",
	Impact:   lint.Outage,
	Facts:    []string{"D7"},
	Severity: lint.Warning,
	Effect:   chainsRefused,
	Recipe:   "remove-anchor",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d, c := range allAnchors(s) {
			if !maySign(c) {
				continue
			}
			if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < minRSA {
				r.Path(c.File.Path, "the certificate of %s has an RSA key of %d bits", commonName(c.SubjectName), key.N.BitLen()).
					Do("Install its successor with a key of %d bits or more, or remove the CA.", minRSA).
					About(c.SubjectName+" key").With("path", c.File.Path)
			}
			if !selfIssued(c) && isWeak(c.SignatureAlgorithm) && !d.hasRoot(c) {
				r.Path(c.File.Path, "the certificate of %s, an intermediate CA, is signed with %s", commonName(c.SubjectName), c.SignatureAlgorithm).
					Do("Install its certificate with a signature of SHA-256 or better, or remove the CA.").
					About(c.SubjectName+" signature").With("path", c.File.Path)
			}
		}
	},
}

func isWeak(a x509.SignatureAlgorithm) bool {
	switch a {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1, x509.MD5WithRSA, x509.MD2WithRSA:
		return true
	}
	return false
}
