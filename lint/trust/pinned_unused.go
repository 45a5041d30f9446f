package trust

import (
	"arclint/internal/evidence"
	"arclint/internal/site"
	"arclint/lint"
)

var pinnedUnused = &lint.Rule{
	ID:    "trust/pinned-unused",
	Title: "Pinned keys of a token issuer are there twice or for nothing",
	Why: "Of two directories for one issuer ARC uses the keys of the one that it reads last, in an order that the file system decides: after a copy or a restore the other keys may count. " +
		"Pinned keys of an issuer that no rule names lie in wait for the day when a rule for all tokens is written: nobody remembers them then.",
	Source:   "arc-behaviour G3",
	Facts:    []string{"G3"},
	Severity: lint.Warning,
	Where:    func(r site.Release) bool { return r.PinnedIssuers },
	Recipe:   "undo-arcctl-deploy",
	Check: func(s *site.Site, r *lint.Reporter) {
		first := map[string]*evidence.Pinned{}
		for _, p := range s.Pinned {
			if p.Err != nil || p.Odd != "" {
				continue
			}
			if earlier := first[p.Issuer]; earlier != nil {
				r.Path(p.Dir, "%s has its keys pinned in %s too, want one directory: which keys ARC uses depends on the order in which the file system lists them", p.Issuer, earlier.Dir).
					About(p.Issuer).With("path", p.Dir).RelatePath(earlier.Dir, "the other directory")
				continue
			}
			first[p.Issuer] = p
		}
		reportUnnamed(s, r, first)
	},
}

// reportUnnamed is about issuers that are pinned and named by no rule. A rule
// that admits any issuer names them all.
func reportUnnamed(s *site.Site, r *lint.Reporter, pinned map[string]*evidence.Pinned) {
	named := map[string]bool{}
	for _, n := range s.Access.Issuers() {
		named[n.Text] = true
	}
	for _, p := range s.Pinned {
		if p.Err == nil && p.Odd == "" && pinned[p.Issuer] == p && !named[p.Issuer] && !named["*"] {
			r.Path(p.Dir, "keys of %s are pinned and no rule names this issuer, want it named exactly so in an authgroup or the directory removed: its tokens get nothing", p.Issuer).
				As(lint.Note).About("unnamed "+p.Issuer).With("path", p.Dir)
		}
	}
}
