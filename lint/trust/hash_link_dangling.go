package trust

import (
	"errors"
	"io/fs"

	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkDangling = &lint.Rule{
	ID:    "trust/hash-link-dangling",
	Title: "A hash name leads to nothing that can be read",
	Why: "A link whose target is gone, a loop or a directory under a hash name is no CA. With OpenSSL 3.0, on which ARC 6.17 runs in Debian, it also hides the CAs of the next numbers (HASH.1 behind a dangling HASH.0); " +
		"OpenSSL 3.5 and later go on.",
	Source:   "arc-behaviour D3",
	Facts:    []string{"D3"},
	Severity: lint.Warning,
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			for _, e := range dir.Entries {
				sl, ok := parseSlot(e.Name)
				if !ok || e.Err == nil {
					continue
				}
				if reason, known := why(e); known {
					reportDangling(s, r, dir, e, sl, reason)
				}
			}
		}
	},
}

func why(e *gridsec.Entry) (string, bool) {
	switch {
	case errors.Is(e.Err, fs.ErrNotExist):
		return "its target " + e.Target + " does not exist", true
	case errors.Is(e.Err, rootfs.ErrLoop):
		return "its links run in a circle", true
	case errors.Is(e.Err, rootfs.ErrNotRegular):
		return "it is no regular file", true
	}
	return "", false
}

func reportDangling(s *site.Site, r *lint.Reporter, dir *gridsec.Dir, e *gridsec.Entry, sl slot, reason string) {
	f := r.Path(e.Path, "%s, want a file here or the name removed: it is no CA", reason).About(e.Name)
	next := slot{hash: sl.hash, crl: sl.crl, number: sl.number + 1}
	if !s.Release.Is7() && !sl.crl && dir.Lookup(next.name()) != nil {
		f.As(lint.Error).Message = reason + ", want a file here or the name removed: OpenSSL 3.0 stops at it, so " + next.name() + " is not found"
	}
}
