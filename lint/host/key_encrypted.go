package host

import (
	"arclint/internal/site"
	"arclint/lint"
)

var keyEncrypted = &lint.Rule{
	ID:    "host/key-encrypted",
	Title: "The host key is encrypted",
	Why: "arched runs without a terminal and answers every question for a pass phrase with nothing. " +
		"So an encrypted key cannot be loaded, and no TLS connection succeeds.",
	Source:   "S72 src/hed/mcc/tls/PayloadTLSMCC.cpp (no_passphrase_callback)",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Stops:    true,
	Effect:   "ARC cannot ask for the pass phrase, and no TLS connection to the CE succeeds.",
	Action:   "Write the key without a pass phrase, with the mode 0400.",
	Recipe:   lint.Manual,
	ByHand: `Write the key without a pass phrase into a file that only root reads. Type the
pass phrase once:

    cd /etc/grid-security
    openssl pkey -in hostkey.pem -out hostkey.new
    install -o root -g root -m 0400 hostkey.new hostkey.pem
    rm hostkey.new

See that this asks for nothing:

    openssl pkey -in /etc/grid-security/hostkey.pem -noout

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		if key := readable(s, r); key != nil && key.Encrypted {
			r.Path(s.Host.KeyPath, "the host key is encrypted").Unserving(true)
		}
	},
}
