package host

import (
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var certOrder = &lint.Rule{
	ID:    "host/cert-order",
	Title: "The host certificate does not come first in its file",
	Why: "OpenSSL takes the first certificate of the file for that of the server and all others for its chain. With a CA in front, or with the chain file in reverse order, " +
		"the key does not belong to that certificate and no TLS connection to the CE succeeds.",
	Source:   "SSL_CTX_use_certificate_chain_file(3); S72 src/hed/mcc/tls/ConfigTLSMCC.cpp:280",
	Severity: lint.Error,
	Stops:    true,
	Recipe:   lint.Manual,
	ByHand: `See which certificates the file has, in their order:

    cd /etc/grid-security
    openssl crl2pkcs7 -nocrl -certfile hostcert.pem -out chain.p7
    openssl pkcs7 -in chain.p7 -print_certs -noout

Write the host certificate first, and the CA that signed each one after it.
Leave the root out:

    cd /etc/grid-security
    cat answer.pem intermediate.pem > hostcert.pem
    rm chain.p7

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		chain, at := trust.HostChain(s)
		if at == 0 {
			return
		}
		const effect = "clients see that one, to which the key does not belong, and no TLS connection to the CE succeeds"
		r.Path(s.Host.CertPath, "the host certificate is number %d in this file, and %s is the first: %s. Put the host certificate first, and the CA that signed each one after it",
			at+1, s.Host.Cert.Certificates[0].SubjectName, effect).About(chain[0].SubjectName).Unserving(true)
	},
}
