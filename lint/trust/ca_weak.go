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
	Why:      "An RSA key under 2048 bits makes OpenSSL refuse every chain over the CA. A SHA-1 signature does so on an intermediate CA; on a self-signed root it does not matter, since nobody checks it.",
	Source:   "arc-behaviour D7",
	Facts:    []string{"D7"},
	Severity: lint.Warning,
	Recipe:   "remove-anchor",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d, c := range allAnchors(s) {
			if !maySign(c) {
				continue
			}
			if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < minRSA {
				r.Path(c.File.Path, "%s has an RSA key of %d bits, want %d or more: OpenSSL refuses every chain over it", c.SubjectName, key.N.BitLen(), minRSA).
					About(c.SubjectName+" key").With("path", c.File.Path)
			}
			if !selfIssued(c) && isWeak(c.SignatureAlgorithm) && !d.hasRoot(c) {
				r.Path(c.File.Path, "%s, an intermediate CA, is signed with %s, want SHA-256 or better: OpenSSL refuses every chain over it", c.SubjectName, c.SignatureAlgorithm).
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
