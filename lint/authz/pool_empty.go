package authz

import (
	"errors"
	"io/fs"

	"arclint/internal/site"
	"arclint/lint"
)

var poolEmpty = &lint.Rule{
	ID:    "authz/pool-empty",
	Title: "A pool of accounts has none to give",
	Why: "ARC takes the accounts of map_to_pool from the file pool in the directory, one a line. It keeps a file for each subject that has one. " +
		"If no account is free, ARC gives one whose lease has run out, after 10 days or the timeout in the file config. " +
		"If there is none, it refuses the user with status 403, and looks at no rule of [mapping] below.",
	Source:   "arc-behaviour B8; src/hed/shc/legacy/simplemap.cpp; arc.conf.reference [mapping] map_to_pool",
	Impact:   lint.Outage,
	Facts:    []string{"B8"},
	Severity: lint.Error,
	Action:   "Write the names of the accounts into it, one a line.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Make the accounts, here and on the worker nodes. Write their names into the
file pool of the directory, one a line, without comments and blanks:

    dune001
    dune002

If all are taken, add accounts to the end of the file. Remove the file of a
subject only if none of its jobs is left. Remove what its account owns too,
since the next user gets that account.

Check the pool:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, use := range poolUses(s) {
			checkRoom(s, r, use)
		}
	},
}

func checkRoom(s *site.Site, r *lint.Reporter, use poolUse) {
	err := use.File.Err
	switch {
	case use.hidden(s):
		r.Skip("%s is not in this copy, or may not be read by this user, so the accounts of the pool are not known", use.File.Path)
	case errors.Is(err, fs.ErrNotExist) && !use.Info.Mode.IsDir():
		// The directory is missing or none: authz/mapping-rule.
	case errors.Is(err, fs.ErrNotExist):
		r.At(use.named.Span, "%s has no file pool", use.Dir).Means(refusesMembers, use.group).
			Do("Write a file pool with the names of the accounts, one a line.").About(use.Dir)
	case err != nil:
		r.At(use.named.Span, "%s cannot be read", use.File.Path).Means(refusesMembers, use.group).
			Do("Replace it by a file with the names of the accounts, one a line.").About(use.Dir)
	case len(use.Accounts) == 0:
		r.At(use.named.Span, "%s is empty", use.File.Path).
			Means("ARC refuses every member of %s who has no account yet.", use.group).About(use.Dir)
	default:
		if room, known := use.Room(s.Now); known && !room {
			r.At(use.named.Span, "all %d accounts of the pool are taken", len(use.Accounts)).
				Means("The next new member of %s is refused.", use.group).Do("Add accounts, or remove old files of subjects.").
				As(lint.Warning).About(use.Dir)
		}
	}
}
