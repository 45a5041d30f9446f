package trust

import (
	"crypto/x509"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var notACA = &lint.Rule{
	ID:       "trust/not-a-ca",
	Title:    "A trust anchor is no CA certificate",
	Why:      "OpenSSL refuses every chain over a certificate that says CA:FALSE, or that has neither basicConstraints nor a keyUsage with certSign: the CA stands there and admits nobody.",
	Source:   "arc-behaviour D7; RFC 5280 section 4.2.1.9",
	Facts:    []string{"D7"},
	Severity: lint.Warning,
	Recipe:   "remove-anchor",
	Check: func(s *site.Site, r *lint.Reporter) {
		eachAnchor(s, r, func(file *gridsec.File, c *gridsec.Certificate) {
			if !maySign(c) && !isLeaf(c) {
				r.Path(file.Path, "%s is no CA (no basicConstraints CA:TRUE), want the CA's current certificate: every chain over it is refused", c.SubjectName).
					About(c.SubjectName).With("path", file.Path)
			}
		})
	},
}

// maySign says whether OpenSSL takes the certificate for a CA
// (X509_check_ca): basicConstraints, or without them keyUsage certSign, or a
// self-signed certificate of version 1.
func maySign(c *gridsec.Certificate) bool {
	if c.BasicConstraintsValid {
		return c.IsCA
	}
	return c.KeyUsage&x509.KeyUsageCertSign != 0 || c.Version == 1 && c.SubjectName == c.IssuerName
}

// isLeaf says whether the certificate is that of an end entity: it may not sign,
// and it carries a name or a use of one.
func isLeaf(c *gridsec.Certificate) bool {
	named := len(c.DNSNames)+len(c.IPAddresses)+len(c.EmailAddresses) > 0
	return !maySign(c) && (named || len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0 || c.KeyUsage != 0)
}

// eachAnchor visits every certificate that a lookup by hash reaches, once for
// each file.
func eachAnchor(s *site.Site, r *lint.Reporter, visit func(*gridsec.File, *gridsec.Certificate)) {
	for _, dir := range trustDirs(s) {
		if unreadable(dir, r) {
			continue
		}
		for _, file := range dir.Files {
			if !reachable(file) {
				continue
			}
			for _, c := range file.Certificates {
				visit(file, c)
			}
		}
	}
}
