package host

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var writable = &lint.Rule{
	ID:    "host/writable",
	Title: "Others than root may change what decides about access",
	Why: "Whoever can write a file can change what it decides, and whoever can write a directory above it can put another in its place. " +
		"So it is with arc.conf, whose values may run commands as root, with the files of vomsdir, the pinned keys, the programs that arc.conf names, the environment of the units, and openssl.cnf. " +
		"docs/writable.md lists what decides, and which rule speaks of it.",
	Source:   "arc-behaviour C11, G1, S7; path_resolution(7), unlink(2)",
	Severity: lint.Error,
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		if uid, all := sameOwner(s); all {
			r.Skip("all that decides belongs to uid %d in this copy of the site, so who may write it on the CE is not known. Make the copy as root with tar", uid)
			return
		}
		w := writers{site: s, reporter: r, told: spokenOf(s)}
		for _, d := range s.Deciding {
			if d.Rule == "" {
				w.check(d, d.Info, false)
			}
			for _, dir := range d.Above {
				w.check(d, dir, true)
			}
		}
	},
}

// sameOwner says whether a copy belongs to one user who is not root.
func sameOwner(s *site.Site) (uid int, all bool) {
	if s.Root == "/" || len(s.Deciding) == 0 {
		return 0, false
	}
	uid = s.Deciding[0].Info.UID
	for _, d := range s.Deciding {
		if d.Info.UID != uid {
			return uid, false
		}
	}
	return uid, uid > 0
}

// spokenOf are the paths of which another rule speaks.
func spokenOf(s *site.Site) map[string]bool {
	told := map[string]bool{}
	for _, d := range s.Deciding {
		if d.Rule != "" {
			told[d.Info.Path] = true
		}
		if d.Rule == "trust/trust-dir-writable" {
			told[path.Dir(d.Info.Path)] = true
		}
	}
	return told
}

// writers looks at each path once.
type writers struct {
	site     *site.Site
	reporter *lint.Reporter
	told     map[string]bool
}

// check reports who but root may write. above: the path is a directory above what
// decides, where the sticky bit keeps others from what is root's.
func (w *writers) check(d site.Deciding, info site.Named, above bool) {
	if w.told[info.Path] || strings.HasPrefix(info.Path, "/cvmfs/") || w.site.Root != "/" && info.Path == "/" {
		return
	}
	if d.Owned && info.UID > 0 && info.Mode.Perm()&0o002 == 0 {
		return // another kind may speak of it
	}
	w.told[info.Path] = true
	effect := "decides " + d.Decides
	if above {
		effect = "can put another " + path.Base(d.Path) + " in place, which decides " + d.Decides
	}
	if mode := info.Mode.Perm(); mode&0o022 != 0 && !(above && info.Mode&fs.ModeSticky != 0) {
		want := fmt.Sprintf("%04o", mode&^0o022)
		f := w.at(d, info, "mode", "mode is %04o: whoever may write here %s. Set it to %s", mode, effect, want).With("mode", want)
		switch {
		case mode&0o002 != 0:
		case info.GID == 0:
			f.As(lint.Note).Headline += "; today that is the group root"
		default:
			f.As(lint.Warning)
		}
	}
	if info.UID > 0 && !d.Owned && (runsAsRoot(w.site) || !strings.HasPrefix(info.Path, w.site.ControlDir())) {
		w.at(d, info, "owner", "owner is uid %d: the owner %s. Give it to root", info.UID, effect).
			As(lint.Warning).With("owner", "root:root")
	}
}

func (w *writers) at(d site.Deciding, info site.Named, about, format string, args ...any) *lint.Finding {
	f := w.reporter.Path(info.Path, format, args...).About(about).With("path", info.Path)
	if !d.From.IsZero() {
		f.Relate(d.From, "named here")
	}
	return f
}
