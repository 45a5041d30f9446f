package conf

import (
	"slices"
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var upgradeTLS = &lint.Rule{
	ID:    "conf/upgrade-tls",
	Title: "tlsprotocols names a version of TLS that the release of --target does not speak",
	Why: "ARC 6 speaks TLS 1.2 and 1.3. ARC 7 ignores the word TLSv1.3 and speaks TLS 1.2 at most, although arc.conf.reference has both in the default. " +
		"With TLSv1.3 alone no client gets a connection after the upgrade. trust/upgrade-trust reports what ARC 7 does with the keys of client certificates.",
	Source:   "arc-behaviour D10; src/hed/mcc/tls/ConfigTLSMCC.cpp of 7.x",
	Impact:   lint.Outage,
	Facts:    []string{"D10"},
	Severity: lint.Note,
	Gains:    func(r site.Release) bool { return !r.TLS13 },
	Upgrade:  true,
	Recipe:   lint.Manual,
	ByHand: `Write TLSv1.2 before the upgrade, or remove the line:

    [arex/ws]
    tlsprotocols=TLSv1.2 TLSv1.3

Let the users try their clients with it, since ARC 7 speaks nothing newer:

    openssl s_client -connect ce.example.org:443 -tls1_2 -brief < /dev/null`,
	Check: func(s *site.Site, r *lint.Reporter) {
		o := s.Conf.Block("arex/ws").First("tlsprotocols")
		if o == nil || hasOtherFault("arex/ws", o) {
			return
		}
		words, version := strings.Fields(o.Value.Text), s.Target.Release.Version
		switch {
		case !slices.Contains(words, tls13):
		case !slices.ContainsFunc(words, turnsOn7):
			r.At(o.Value.Span, "ARC %s does not know TLSv1.3", version).As(lint.Error).
				Means("Every TLS connection fails after the upgrade.").Do("Before the upgrade, add TLSv1.2, or remove the line.")
		default:
			r.At(o.Value.Span, "ARC %s does not know TLSv1.3", version).
				Means("Clients that speak nothing older get no connection after the upgrade.").Do("Before the upgrade, find such clients.")
		}
	},
}
