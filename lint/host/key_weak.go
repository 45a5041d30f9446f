package host

import (
	"arclint/internal/site"
	"arclint/lint"
)

var keyWeak = &lint.Rule{
	ID:       "host/key-weak",
	Title:    "The host key is too short",
	Why:      "An RSA key under 2048 bits is refused by OpenSSL 3 at security level 2, on the CE itself and on its clients.",
	Source:   "arc-behaviour D7; SSL_CTX_set_security_level(3)",
	Impact:   lint.Outage,
	Facts:    []string{"D7"},
	Severity: lint.Error,
	Effect:   "OpenSSL at security level 2 refuses it, on clients and on the CE itself.",
	Recipe:   lint.Manual,
	ByHand: `Make a longer key, and get a certificate for it: a certificate does not outlive
its key.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		key := readable(s, r)
		if key != nil && key.Of >= 0 {
			return // host/cert-weak says so of the certificate
		}
		if key != nil && key.Algorithm == "RSA" && key.Bits > 0 && key.Bits < minRSA {
			r.Path(s.Host.KeyPath, "the host key is RSA with %d bits", key.Bits).
				Do("Make a key of %d bits or more, and get a certificate for it.", minRSA)
		}
	},
}
