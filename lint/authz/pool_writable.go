package authz

import (
	"fmt"
	"io/fs"

	"arclint/internal/site"
	"arclint/lint"
)

var poolWritable = &lint.Rule{
	ID:    "authz/pool-writable",
	Title: "A pool of accounts may be changed by others than root",
	Why: "The account of a subject is in a file of the pool's directory. ARC uses the name in it, whether the pool lists it or not. " +
		"Whoever can write into the directory, or into the list, can have any account, root included.",
	Source:   "src/hed/shc/legacy/simplemap.cpp read only; arc-behaviour S7",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Severity: lint.Error,
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, use := range poolUses(s) {
			if use.Info.Mode.IsDir() {
				checkPoolMode(r, use, "the directory of the pool", use.Dir, use.Info.Mode, use.Info.UID)
			}
			if use.File.Err == nil {
				checkPoolMode(r, use, "the list of accounts", use.File.Path, use.File.Info.Mode, use.File.Info.UID)
			}
		}
	},
}

func checkPoolMode(r *lint.Reporter, use poolUse, part, path string, mode fs.FileMode, uid int) {
	if mode&0o022 != 0 {
		want := fmt.Sprintf("%04o", mode.Perm()&^0o022)
		r.Path(path, "%s has the mode %04o", part, mode.Perm()|sticky(mode)).
			Means("Whoever may write here decides which account a member of %s gets.", use.group).Do("Set the mode to %s.", want).
			With("path", path).With("mode", want).Relate(use.named.Span, "named here")
	}
	if uid > 0 {
		r.Path(path, "%s belongs to user %d", part, uid).
			Means("The owner decides which account a member of %s gets.", use.group).Do("Give it to root.").
			As(lint.Warning).About("owner").With("path", path).With("owner", "root:root").Relate(use.named.Span, "named here")
	}
}

// sticky is the sticky bit as chmod(1) writes it.
func sticky(mode fs.FileMode) fs.FileMode {
	if mode&fs.ModeSticky != 0 {
		return 0o1000
	}
	return 0
}
