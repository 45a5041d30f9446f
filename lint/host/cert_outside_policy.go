package host

import (
	"strings"

	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var certOutsidePolicy = &lint.Rule{
	ID:    "host/cert-outside-policy",
	Title: "The policy of a CA does not allow the host certificate, and clients that read it refuse the CE",
	Why: "Beside each CA are a signing policy and a namespaces file, which list the names that the CA may give. ARC 6, Globus and dCache read them when they connect to a server. " +
		"A certificate that OpenSSL accepts, such as one of a public CA whose root IGTF holds for a few intermediates only, is refused by them. ARC 7 reads neither, so that the CE itself shows nothing of it.",
	Source: "arc-behaviour E1, E2; opensciencegrid/docs#538; IGTF 1.146 compared with Mozilla's roots; " +
		"oldgaa_utils.c of the Grid Community Toolkit; EUGridPMA namespaces format",
	Impact:   lint.Outage,
	Facts:    []string{"E2"},
	Severity: lint.Warning,
	Action:   "Get a certificate for servers from a CA of IGTF.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `See which CA signed the certificate, and what the policy of the CA above it
allows:

    cd /etc/grid-security
    openssl x509 -in hostcert.pem -noout -subject -issuer -issuer_hash
    arclint trust --host

Ask for a certificate of a CA of IGTF: many authorities have one CA for the web
and another for the grid. Change no policy for it: clients elsewhere have the
original.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		var refused []string
		var first *trust.View
		for _, v := range trust.Views(s) {
			if v.Code == trust.SigningPolicy && v.Answer == trust.Refused {
				refused = append(refused, v.Client)
				if first == nil {
					first = &v
				}
			}
		}
		c := leaf(s)
		if first == nil || s.Now.After(c.NotAfter) || s.Now.Before(c.NotBefore) {
			return // cert-expired speaks of one that is out of date
		}
		f := r.Path(s.Host.CertPath, "the policies of its CAs do not allow the host certificate").About(c.SubjectName).
			Means("Clients that read them (%s) refuse the CE. The reason: %s.", strings.Join(refused, ", "), first.Reason)
		f.RelatePath(first.Policy, "the policy")
		for _, o := range s.Conf.Block("common").All("x509_cert_dir") {
			f.RestOn(o.Line)
		}
	},
}
