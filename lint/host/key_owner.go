package host

import (
	"errors"
	"io/fs"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var keyOwner = &lint.Rule{
	ID:       "host/key-owner",
	Title:    "The host key does not belong to root",
	Why:      "The owner of the key can read it and change its mode, so another owner than root can pose as this CE. ARC 6.17 does not start when the key belongs to another user than the one that starts it.",
	Source:   "arc-checks b1.9",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Severity: lint.Error,
	Stops:    true,
	Effect:   "The owner of this key can pose as the CE.",
	Action:   "Give the key to root.",
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		if errors.Is(s.Host.KeyErr, fs.ErrNotExist) || s.Host.KeyInfo.Path == "" {
			return
		}
		named := s.Release.StrictStart && s.Value("common", "x509_host_key").Origin == arcconf.Admin
		if _, uid, ok := serviceUser(s); ok && uid == s.Host.KeyInfo.UID && !named {
			return // A-REX could not read it otherwise
		}
		switch uid := s.Host.KeyInfo.UID; {
		case uid < 0:
			r.Skip("the owner of %s is not known in this root", s.Host.KeyPath)
		case uid != 0:
			f := r.Path(s.Host.KeyPath, "the host key belongs to uid %d, not to root", uid).
				With("path", s.Host.KeyPath).With("owner", "0:0").
				Stopping(named)
			if named {
				f.Means("%s ARC 6 does not start.", f.Effect)
			}
		}
	},
}
