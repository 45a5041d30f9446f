package trust

import (
	"arclint/internal/evidence"
	"arclint/internal/site"
	"arclint/lint"
)

var pinnedUnused = &lint.Rule{
	ID:    "trust/pinned-unused",
	Title: "Pinned keys of a token issuer are there twice or for nothing",
	Why: "Of two directories for one issuer ARC uses the keys of the one that it reads last. The file system decides the order: after a copy or a restore the other keys may count. " +
		"Pinned keys of an issuer that no rule names count once somebody writes a rule for all tokens. Nobody remembers them then.",
	Source:   "arc-behaviour G3",
	Impact:   lint.Hygiene,
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
				r.Path(p.Dir, "a second directory has pinned keys of %s", p.Issuer).
					Means("Which keys ARC uses depends on the order in which the file system lists the two.").Do("Remove one of the two directories.").
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
			r.Path(p.Dir, "keys of %s are pinned, and no rule names this issuer", p.Issuer).Means("Its tokens get nothing.").
				Do("Name it exactly so in an authgroup, or remove the directory.").As(lint.Note).About("unnamed "+p.Issuer).With("path", p.Dir)
		}
	}
}
