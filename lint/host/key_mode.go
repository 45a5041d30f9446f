package host

import (
	"errors"
	"io/fs"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var keyMode = &lint.Rule{
	ID:    "host/key-mode",
	Title: "Others than root may read or change the host key",
	Why: "Whoever can read the host key can pose as this CE. ARC 6.17 does not start unless a key that arc.conf names has the mode 0400 or 0600, no other. " +
		"ARC 7 reports an error in `arcctl config verify`, and starts all the same.",
	Source:   "arc-checks b1.9, b4 (mode & 0177)",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Severity: lint.Error,
	Stops:    true,
	Action:   "Set the mode to 0400.",
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		if errors.Is(s.Host.KeyErr, fs.ErrNotExist) || s.Host.KeyInfo.Path == "" {
			return
		}
		strict := s.Release.StrictStart && s.Value("common", "x509_host_key").Origin == arcconf.Admin
		mode := s.Host.KeyInfo.Mode.Perm()
		var effect string
		severity, impact, risk := lint.Error, lint.Intrusion, lint.High
		switch {
		case mode&0o077 != 0:
			effect = "Whoever can read or change this key can pose as the CE."
		case strict && mode != 0o400 && mode != 0o600:
			effect, impact, risk = "ARC 6 does not start.", lint.Outage, ""
		case mode&0o100 != 0:
			severity, effect, impact, risk = lint.Note, "ARC's own check reports an error.", lint.Hygiene, ""
		default:
			return
		}
		r.Path(s.Host.KeyPath, "the host key has the mode %04o", mode).Means("%s", effect).As(severity).Impacts(impact, risk).
			With("path", s.Host.KeyPath).With("mode", "0400").Stopping(strict && mode != 0o400 && mode != 0o600)
	},
}
