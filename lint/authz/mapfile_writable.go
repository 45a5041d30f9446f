package authz

import (
	"fmt"

	"arclint/internal/site"
	"arclint/lint"
)

var mapfileWritable = &lint.Rule{
	ID:       "authz/mapfile-writable",
	Title:    "A file of subjects may be changed by others than root",
	Why:      "The file says who is a member of a group, or which account a user gets. Whoever can write it can let anybody in, and as any account, root included.",
	Source:   "arc-behaviour A10, S7; arc.conf.reference [authgroup] file, [mapping] map_with_file",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Severity: lint.Error,
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		seen := map[string]bool{}
		for _, use := range mapUses(s) {
			if use.Err != nil || seen[use.Path] {
				continue
			}
			seen[use.Path] = true
			mode := use.Info.Mode.Perm()
			if mode&0o022 != 0 {
				r.Path(use.Path, "the list of subjects has the mode %04o", mode).
					Means("Whoever may write the file decides who is in authgroup %s.", use.group).Do("Set the mode to %04o.", mode&^0o022).
					With("path", use.Path).With("mode", fmt.Sprintf("%04o", mode&^0o022)).Relate(use.named.Span, "named here")
			}
			if use.Info.UID > 0 {
				r.Path(use.Path, "the list of subjects belongs to user %d", use.Info.UID).
					Means("Its owner decides who is in authgroup %s.", use.group).Do("Give the file to root.").
					As(lint.Warning).About("owner").With("path", use.Path).With("owner", "root:root").Relate(use.named.Span, "named here")
			}
		}
	},
}
