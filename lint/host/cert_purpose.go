package host

import (
	"crypto/x509"
	"slices"

	"arclint/internal/site"
	"arclint/lint"
)

var certPurpose = &lint.Rule{
	ID:       "host/cert-purpose",
	Title:    "The host certificate may not be used by a TLS server",
	Why:      "A certificate whose extended key usage lacks serverAuth is refused by every client as unsuitable for a server.",
	Source:   "RFC 5280 section 4.2.1.12; arc-behaviour D8",
	Impact:   lint.Outage,
	Facts:    []string{"D8"},
	Severity: lint.Error,
	Recipe:   lint.Manual,
	ByHand: `If the file holds a CA alone, write the host certificate before it:

    cd /etc/grid-security
    cat answer.pem intermediate.pem > hostcert.pem

If the certificate is not for servers, get one whose extended key usage has
serverAuth, which is "TLS Web Server Authentication" here:

    cd /etc/grid-security
    openssl x509 -in hostcert.pem -noout -ext extendedKeyUsage

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		c := leaf(s)
		if c == nil {
			return
		}
		if c.IsCA {
			r.Path(s.Host.CertPath, "the host certificate is that of a CA, %s", c.SubjectName).About("ca").
				Means("It is the one that clients see.").Do("Put the host certificate before it in the file.")
			return
		}
		restricted := len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0
		serves := slices.ContainsFunc(c.ExtKeyUsage, func(u x509.ExtKeyUsage) bool {
			return u == x509.ExtKeyUsageServerAuth || u == x509.ExtKeyUsageAny
		})
		if restricted && !serves {
			r.Path(s.Host.CertPath, "the extended key usage of the host certificate has no serverAuth").About("server").
				Means("Every client refuses it.").Do("Get a certificate with serverAuth.")
		}
	},
}
