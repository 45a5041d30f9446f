package host

import (
	"crypto/rsa"
	"crypto/x509"

	"arclint/internal/site"
	"arclint/lint"
)

var certWeak = &lint.Rule{
	ID:       "host/cert-weak",
	Title:    "The host certificate is too weak for OpenSSL's security level 2",
	Why:      "OpenSSL 3 in Debian and EL works at security level 2: an RSA key under 2048 bits or a SHA-1 signature on the host certificate makes clients, and the server itself when it loads the file, refuse it.",
	Source:   "arc-behaviour D7; SSL_CTX_set_security_level(3)",
	Facts:    []string{"D7"},
	Severity: lint.Error,
	Recipe:   lint.Manual,
	ByHand: `Get a certificate with a key of 2048 bits or more, signed with SHA-256 or
better. If the CA signs with SHA-1 only, get it from another one.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		c := leaf(s)
		if c == nil {
			return
		}
		if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < minRSA {
			r.Path(s.Host.CertPath, "host certificate has an RSA key of %d bits, want %d or more: OpenSSL at security level 2 refuses it", key.N.BitLen(), minRSA).About("key")
		}
		switch c.SignatureAlgorithm {
		case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1, x509.MD5WithRSA, x509.MD2WithRSA:
			r.Path(s.Host.CertPath, "host certificate is signed with %s, want SHA-256 or better: OpenSSL at security level 2 refuses it", c.SignatureAlgorithm).About("signature")
		}
	},
}

// minRSA is the RSA size of OpenSSL's security level 2 (112 bits).
const minRSA = 2048
