package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkDangling = &lint.Rule{
	ID:    "trust/hash-link-dangling",
	Title: "A hash name leads to nothing that can be read",
	Why: "OpenSSL finds no CA under a hash name that is a directory, a loop, or a link whose target is gone. " +
		"With OpenSSL 3.0.20, with which ARC 6.17 was measured, it also hides the CAs of the next numbers, such as HASH.1 behind a dangling HASH.0. " +
		"OpenSSL 3.0.22, 3.5.9 and later go on.",
	Source:   "arc-behaviour D3, S9",
	Impact:   lint.Outage,
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
		return "its links form a loop"
	case gridsec.NotRegular:
		return "it is not a regular file"
	}
	return ""
}

func reportDangling(s *site.Site, r *lint.Reporter, d *directory, e *gridsec.Entry, sl slot, reason string) {
	f := r.Path(e.Path, "%s leads to nothing: %s", e.Name, reason).About(e.Name)
	if sl.isCRL() {
		f.Means("OpenSSL finds no CRL under this name, so it revokes nothing.").Do("Fetch the CRL again, or remove the name.").Offer("refresh-crls")
		return
	}
	effect := "OpenSSL finds no CA under this name."
	if !s.Release.SkipsUnreadable && d.Lookup(sl.next().name()) != nil {
		effect += oldStops(sl.next())
		f.As(lint.Error)
	}
	f.Means("%s", effect).Do("Put the file back, or remove the name.")
}
