package host

import (
	"arclint/internal/site"
	"arclint/lint"
)

var certNoSAN = &lint.Rule{
	ID:    "host/cert-no-san",
	Title: "The host certificate has no subject alternative name",
	Why: "RFC 9525 no longer lets clients take the host name from the CN of the subject. Some refuse the CE already. " +
		"Others, such as curl, still fall back on the CN, so the fault looks as if it were on the other side.",
	Source:   "RFC 9525 section 2; RFC 5280 section 4.2.1.6",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Effect:   "Some clients no longer look at the CN, and refuse the CE.",
	Action:   "Get a certificate with the host name of the CE as a subject alternative name.",
	Recipe:   lint.Manual,
	ByHand: `Get a certificate with the name of the CE as a subject alternative name. Ask
the CA how to request it, if its form leaves the names of a request out.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		if c := leaf(s); c != nil && !c.IsCA && len(c.DNSNames)+len(c.IPAddresses) == 0 {
			r.Path(s.Host.CertPath, "the host certificate has no subject alternative name").About(c.SubjectName)
		}
	},
}
