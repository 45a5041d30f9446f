package host

import (
	"crypto/x509"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var certNoClientUse = &lint.Rule{
	ID:    "host/cert-no-client-use",
	Title: "The host certificate may not be used by a TLS client, and accounting uses it so",
	Why: "ARC publishes accounting records with the host certificate as that of a TLS client, to the messaging service (AMS) of APEL and to SGAS. An extended key usage without clientAuth makes them refuse it: " +
		"jobs run, and their usage is not accounted. Public CAs stop issuing certificates with clientAuth: Amazon's did on 2025-06-11, " +
		"Let's Encrypt's default profile on 2026-02-11. IGTF's InCommon RSA IGTF Server CA 4 has serverAuth alone.",
	Source: "ARC src/utils/python/arc/control/AccountingPublishing.py; RFC 5280 section 4.2.1.12; arc-behaviour D8; " +
		"docs.aws.amazon.com/acm (acm-concepts); letsencrypt.org/2025/05/14/ending-tls-client-authentication",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Action:   "Get a certificate with serverAuth and clientAuth.",
	Recipe:   lint.Manual,
	ByHand: `See what the certificate may be used for: TLS Web Client Authentication must be
there.

    cd /etc/grid-security
    openssl x509 -in hostcert.pem -noout -ext extendedKeyUsage

Ask a grid CA for a certificate with serverAuth and clientAuth.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		c, target := leaf(s), accountingTarget(s)
		if c == nil || c.IsCA || target == nil || trust.Allows(c.Certificate, x509.ExtKeyUsageClientAuth) || !trust.Allows(c.Certificate, x509.ExtKeyUsageServerAuth) {
			return // cert-purpose speaks of one that serves nothing
		}
		r.Path(s.Host.CertPath, "the extended key usage of the host certificate has no clientAuth").
			Means("The accounting service of [%s] refuses it: jobs run, and their usage is not accounted.", target.Name).
			About(target.Name).Relate(target.Header().Span, "accounting is set up here")
	},
}

// accountingTarget is the first block that has records sent over TLS.
func accountingTarget(s *site.Site) *arcconf.Block {
	for _, kind := range []string{"arex/jura/apel", "arex/jura/sgas"} {
		if s.Release.Ref.Block(kind) == nil {
			continue
		}
		for _, b := range s.Conf.Kind(kind) {
			return b
		}
	}
	return nil
}
