package host

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var chainIncomplete = &lint.Rule{
	ID:    "host/chain-incomplete",
	Title: "The CE does not send an intermediate CA of its host certificate",
	Why: "A client builds the chain from what the server sends and from what it has installed. Roots are installed everywhere, intermediate CAs are not. " +
		"Clients with the CAs of the system have none, and those with the CAs of IGTF have the ones that IGTF distributes. " +
		"OpenSSL completes a file with the host certificate alone from the CAs for clients. It sends one with any other certificate as it is.",
	Source:   "RFC 5246 section 7.4.2; RFC 8446 section 4.4.2; ssl_add_cert_chain in OpenSSL's statem_lib.c; arc-behaviour D5",
	Impact:   lint.Outage,
	Facts:    []string{"D5"},
	Severity: lint.Warning,
	Action:   "Add its certificate to the file, behind that of the host.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `See what the file has, and who signed the last of it:

    cd /etc/grid-security
    openssl crl2pkcs7 -nocrl -certfile hostcert.pem -out chain.p7
    openssl pkcs7 -in chain.p7 -print_certs -noout

Write the missing intermediate behind it. Leave the root out:

    cd /etc/grid-security
    cat answer.pem intermediate.pem > hostcert.pem
    rm chain.p7

See that clients get all of it:

    arclint trust --host

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		served := trust.Served(s)
		v := gridView(s)
		if v == nil || v.Answer != trust.Accepted {
			return // cert-untrusted speaks of it
		}
		for _, c := range v.Path {
			if selfIssued(c) || slices.ContainsFunc(served, func(sent *gridsec.Certificate) bool { return sent.Equal(c.Certificate) }) {
				continue
			}
			_, distributed := issuers.FindGridCA(c.SHA256())
			if distributed && !trust.IsPublicRoot(v.Path[len(v.Path)-1]) {
				continue // whoever has the root has the intermediate
			}
			f := r.Path(s.Host.CertPath, "the CE does not send the intermediate CA %s", c.SubjectName).About(c.SubjectName).Means("%s", withoutIntermediate(distributed))
			f.RelatePath(c.File.Path, "it is installed here, and not everywhere")
			if distributed {
				f.As(lint.Note)
			}
		}
	},
}

func withoutIntermediate(distributed bool) string {
	if distributed {
		return "Clients with the CAs of IGTF have it, and those with the CAs of the system refuse the CE."
	}
	return "Clients that have only its root refuse the CE."
}

func gridView(s *site.Site) *trust.View {
	for _, v := range trust.Views(s) {
		if v.Client == trust.GridClient {
			return &v
		}
	}
	return nil
}

func selfIssued(c *gridsec.Certificate) bool { return c.Hash == c.IssuerHash }
