package trust

import (
	"crypto/x509"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
)

const day = "2006-01-02"

// selfIssued says whether subject and issuer are the same name to OpenSSL.
func selfIssued(c *gridsec.Certificate) bool { return c.Hash == c.IssuerHash }

// maySign says whether OpenSSL takes the certificate for a CA
// (X509_check_ca): basicConstraints, or without them keyUsage certSign, or a
// self-signed certificate of version 1.
func maySign(c *gridsec.Certificate) bool {
	if c.BasicConstraintsValid {
		return c.IsCA
	}
	return c.KeyUsage&x509.KeyUsageCertSign != 0 || c.Version == 1 && selfIssued(c)
}

// isLeaf says whether the certificate is that of an end entity: it may not sign,
// and it carries a name or a use of one.
func isLeaf(c *gridsec.Certificate) bool {
	named := len(c.DNSNames)+len(c.IPAddresses)+len(c.EmailAddresses) > 0
	return !maySign(c) && (named || len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0 || c.KeyUsage != 0)
}

// publicRoot finds the root of the web that has the certificate's key.
func publicRoot(c *gridsec.Certificate) (root issuers.PublicRoot, ok bool) {
	return issuers.FindPublicRoot(c.KeySHA256())
}

// commonName is the value of the last part of a one-line name.
func commonName(subject string) string {
	return subject[strings.LastIndexByte(subject, '=')+1:]
}

// list joins names, at most eight of them.
func list(names []string) string {
	const most = 8
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}

// distributed says whether some IGTF release holds exactly this certificate.
func distributed(c *gridsec.Certificate) bool {
	_, known := issuers.FindGridCA(c.SHA256())
	return known
}
