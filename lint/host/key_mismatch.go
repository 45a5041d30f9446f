package host

import (
	"arclint/internal/site"
	"arclint/lint"
)

var keyMismatch = &lint.Rule{
	ID:       "host/key-mismatch",
	Title:    "The host key does not belong to the host certificate",
	Why:      "OpenSSL compares the two when arched loads them and refuses every TLS connection. It happens when a renewal replaces only one of the files.",
	Source:   "S72 src/hed/mcc/tls/ConfigTLSMCC.cpp (SSL_CTX_check_private_key)",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Stops:    true,
	Effect:   "No TLS connection to the CE succeeds.",
	Action:   "Install the key from which the certificate was requested, or get a new pair.",
	Recipe:   lint.Manual,
	ByHand: `Look which of the two files is the older one, and compare what they say of the
public key:

    cd /etc/grid-security
    ls -l hostcert.pem hostkey.pem
    openssl x509 -in hostcert.pem -noout -pubkey | openssl sha256
    openssl pkey -in hostkey.pem -pubout | openssl sha256

Install the key from which the certificate was requested, or name its file:

    [common]
    x509_host_cert=/etc/grid-security/hostcert.pem
    x509_host_key=/etc/grid-security/hostkey.pem

If that key is lost, get a new pair.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		key := readable(s, r)
		if key == nil || key.Matches == nil || *key.Matches || key.Of > 0 {
			return // cert-order speaks of a certificate that is behind another
		}
		r.Path(s.Host.KeyPath, "the host key does not belong to the host certificate").
			RelatePath(s.Host.CertPath, "the host certificate").Unserving(true)
	},
}
