package host

import (
	"crypto/rsa"
	"crypto/x509"

	"arclint/internal/site"
	"arclint/lint"
)

var certWeak = &lint.Rule{
	ID:    "host/cert-weak",
	Title: "The host certificate is too weak for OpenSSL's security level 2",
	Why: "OpenSSL 3 in Debian and EL works at security level 2. " +
		"Clients then refuse a host certificate with an RSA key under 2048 bits or a SHA-1 signature. The server itself refuses it when it loads the file.",
	Source:   "arc-behaviour D7; SSL_CTX_set_security_level(3)",
	Impact:   lint.Outage,
	Facts:    []string{"D7"},
	Severity: lint.Error,
	Effect:   "OpenSSL at security level 2 refuses it, on clients and on the CE itself.",
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
			r.Path(s.Host.CertPath, "the host certificate has an RSA key of %d bits", key.N.BitLen()).About("key").
				Do("Get a certificate with a key of %d bits or more.", minRSA)
		}
		switch c.SignatureAlgorithm {
		case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1, x509.MD5WithRSA, x509.MD2WithRSA:
			r.Path(s.Host.CertPath, "the host certificate is signed with %s", c.SignatureAlgorithm).About("signature").
				Do("Get a certificate that is signed with SHA-256 or better.")
		}
	},
}

// minRSA is the RSA size of OpenSSL's security level 2 (112 bits).
const minRSA = 2048
