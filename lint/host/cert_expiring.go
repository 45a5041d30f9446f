package host

import (
	"fmt"
	"time"

	"arclint/internal/site"
	"arclint/lint"
)

// soon is the time before its end at which a certificate should be renewed:
// IGTF CAs and ACME clients renew a month ahead.
const soon = 14 * 24 * time.Hour

// renewed is the longest life of certificates that programs renew: public CAs give 90
// days to ACME clients, 100 at the most as far as is known.
const renewed = 100 * 24 * time.Hour

var certExpiring = &lint.Rule{
	ID:    "host/cert-expiring",
	Title: "The host certificate expires soon",
	Why: "From the day it expires every client refuses the CE. ARC's own check warns seven days before, and only when somebody runs it. " +
		"The rule looks two weeks ahead, or as far as `arclint check --within 60d` does. A certificate of up to 100 days is one that a program renews. " +
		"Where its whole life is within that time, the rule warns in its last third.",
	Source:   "arc-checks b4 (openssl x509 -checkend 604800)",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Effect:   "From then on every client refuses the CE.",
	Action:   "Replace the certificate before that day.",
	Recipe:   lint.Manual,
	ByHand: `Replace the certificate before that day. If a program renews it, read why it
did not, and run it.

    openssl x509 -in /etc/grid-security/hostcert.pem -noout -dates

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		c := leaf(s)
		if c == nil || s.Now.After(c.NotAfter) {
			return
		}
		left := c.NotAfter.Sub(s.Now)
		// A short-lived certificate is renewed by a program near its end: warn in its last third.
		life := c.NotAfter.Sub(c.NotBefore)
		ahead := min(soon, life/3)
		if life > s.Within || life > renewed {
			ahead = max(ahead, s.Within)
		}
		if left < ahead {
			r.Path(s.Host.CertPath, "the host certificate expires in %s, on %s", inWords(left), c.NotAfter.UTC().Format(day)).About(c.SubjectName)
		}
	},
}

func inWords(left time.Duration) string {
	const day = 24 * time.Hour
	if left < 2*day {
		return fmt.Sprintf("%d hours", int(left/time.Hour))
	}
	return fmt.Sprintf("%d days", int(left/day))
}
