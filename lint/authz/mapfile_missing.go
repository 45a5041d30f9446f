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
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write the list, one subject a line, in double quotes. For map_with_file, write
the name of the account behind each subject.

    "/DC=org/DC=example/CN=Jane Doe" jane

Install it so that only root can change it:

    install -o root -g root -m 0644 LIST /etc/grid-security/LIST

If a program makes the list, run the program and read what it says. Remove the
rule only after a look at its sign: without its -file= line, those on the list
may get in.

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, use := range mapUses(s) {
			switch {
			case use.Err == nil:
				continue
			case errors.Is(use.Err, fs.ErrNotExist) && s.NotCopied(use.Path):
				r.Skip("%s is not in this copy of the site, so its subjects are not known", use.Path)
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
