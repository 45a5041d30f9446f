package authz

import (
	"errors"
	"io/fs"

	"arclint/internal/site"
	"arclint/lint"
)

var mapfileMissing = &lint.Rule{
	ID:    "authz/mapfile-missing",
	Title: "A file of subjects that arc.conf names is not there",
	Why: "A file= rule whose file cannot be read fails, and no rule after it in the group is looked at: members that were matched before stay members, all others are kept out. " +
		"A map_with_file without its file makes ARC refuse every member of the group.",
	Source:   "arc-behaviour A7, B8",
	Facts:    []string{"A7", "B8"},
	Severity: lint.Error,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, use := range mapUses(s) {
			switch {
			case use.Err == nil:
				continue
			case errors.Is(use.Err, fs.ErrPermission):
				r.Skip("%s may not be read by this user, so its subjects are not known; run as root", use.Path)
				continue
			}
			effect := "the rule fails, and no rule after it in " + use.group + " is looked at"
			if use.accounts {
				effect = "ARC refuses every member of " + use.group
			}
			what := "cannot be read"
			if errors.Is(use.Err, fs.ErrNotExist) {
				what = "does not exist"
			}
			r.At(use.named.Span, "%s %s, want a list of subjects there: %s", use.named.Text, what, effect).About(use.group + " " + use.Path)
		}
	},
}
