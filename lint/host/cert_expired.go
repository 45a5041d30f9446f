package host

import (
	"arclint/internal/site"
	"arclint/lint"
)

const day = "2006-01-02"

var certExpired = &lint.Rule{
	ID:       "host/cert-expired",
	Title:    "The host certificate is outside its validity",
	Why:      "Every client checks the validity of the CE's certificate and ends the connection: no job can be submitted and none can be collected.",
	Source:   "RFC 5280 section 4.1.2.5; arc-checks b1.21, b4",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Effect:   "Every client refuses it: no job can be submitted, and none can be collected.",
	Action:   "Check the clock of this host. If it is right, replace the certificate.",
	Recipe:   lint.Manual,
	ByHand: `See whether the clock of this host is right:

    timedatectl

If it is, replace the certificate.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		c := leaf(s)
		if c == nil {
			return
		}
		if s.Now.After(c.NotAfter) {
			r.Path(s.Host.CertPath, "the host certificate expired on %s", c.NotAfter.UTC().Format(day)).About(c.SubjectName)
		}
		if s.Now.Before(c.NotBefore) {
			r.Path(s.Host.CertPath, "the host certificate is valid only from %s", c.NotBefore.UTC().Format(day)).About(c.SubjectName)
		}
	},
}
