package host

import (
	"errors"
	"io/fs"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var keyMissing = &lint.Rule{
	ID:       "host/key-missing",
	Title:    "The host key is missing",
	Why:      "Without the private key arched cannot open its TLS port: no client reaches the CE.",
	Source:   "arc.conf.reference [common] x509_host_key; arc-checks b1.9, b4",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Rests:    true,
	Stops:    true,
	Effect:   "Without it no TLS connection to the CE succeeds.",
	Action:   "Put the private key of the host certificate here, or name its file in x509_host_key.",
	Recipe:   lint.Manual,
	ByHand: `If the key is in another file, name that one. If it is in a backup, restore it
with the owner root and the mode 0400:

    [common]
    x509_host_key=/etc/grid-security/hostkey.pem

If it is lost, get a new pair.

` + newPair,
	Check: func(s *site.Site, r *lint.Reporter) {
		switch {
		case !errors.Is(s.Host.KeyErr, fs.ErrNotExist):
		case s.Root != "/": // keys stay out of copies
			r.Skip("%s is not in this root, and a copy of a site should leave it out", s.Host.KeyPath)
		default:
			f := nameIn(s, r.Path(s.Host.KeyPath, "the host key does not exist"), "x509_host_key").Unserving(true)
			if s.Release.StrictStart && s.Value("common", "x509_host_key").Origin == arcconf.Admin {
				f.Means("ARC 6 does not start.").Stopping(true)
			}
		}
	},
}
