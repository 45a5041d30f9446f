package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkDangling = &lint.Rule{
	ID:    "trust/hash-link-dangling",
	Title: "A hash name leads to nothing that can be read",
	Why: "A link whose target is gone, a loop or a directory under a hash name is no CA. With OpenSSL 3.0.20, with which ARC 6.17 was measured, it also hides the CAs of the next numbers (HASH.1 behind a dangling HASH.0); " +
		"3.0.22, 3.5.9 and later go on.",
	Source:   "arc-behaviour D3, S9",
	Facts:    []string{"D3"},
	Severity: lint.Warning,
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			for _, e := range d.Entries {
				if sl, ok := parseSlot(e.Name); ok {
					if reason := leadsNowhere(e); reason != "" {
						reportDangling(s, r, d, e, sl, reason)
					}
				}
			}
		}
	},
}

func leadsNowhere(e *gridsec.Entry) string {
	switch e.Obstacle() {
	case gridsec.Dangling:
		return "its target " + e.Target + " does not exist"
	case gridsec.Loop:
		return "its links run in a circle"
	case gridsec.NotRegular:
		return "it is no regular file"
	}
	return ""
}

func reportDangling(s *site.Site, r *lint.Reporter, d *directory, e *gridsec.Entry, sl slot, reason string) {
	effect := "no CA is found under it"
	if sl.isCRL() {
		effect = "no CRL is found under it, so it revokes nothing"
	}
	f := r.Path(e.Path, "%s leads to nothing: %s, want a file here or the name removed: %s", e.Name, reason, effect).About(e.Name)
	if sl.isCRL() {
		f.Offer("refresh-crls")
	}
	if !s.Release.SkipsUnreadable && !sl.isCRL() && d.Lookup(sl.next().name()) != nil {
		f.As(lint.Error).Headline += ", and OpenSSL 3.0.20 does not go on to " + sl.next().name() + " (3.0.22 does)"
	}
}
