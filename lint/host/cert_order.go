package host

import (
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var certOrder = &lint.Rule{
	ID:    "host/cert-order",
	Title: "The host certificate does not come first in its file",
	Why: "OpenSSL sends the first certificate of the file as that of the server, and all others as its chain. " +
		"Where a CA comes first, or the file is in reverse order, the key does not belong to the first one. Then no TLS connection to the CE succeeds.",
	Source:   "SSL_CTX_use_certificate_chain_file(3); S72 src/hed/mcc/tls/ConfigTLSMCC.cpp:280",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Stops:    true,
	Action:   "Put the host certificate first, and the CA that signed each one after it.",
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
		r.Path(s.Host.CertPath, "the host certificate is number %d in its file, not the first", at+1).About(chain[0].SubjectName).Unserving(true).
			Means("Clients see the first one, %s. The key does not belong to it, and no TLS connection to the CE succeeds.", s.Host.Cert.Certificates[0].SubjectName)
	},
}
