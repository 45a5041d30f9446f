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
		"Values of arc.conf may run commands as root. The files of vomsdir, the pinned keys, the programs that arc.conf names, the environment of the units and openssl.cnf decide too. " +
		"docs/writable.md lists what decides, and which rule speaks of it.",
	Source:   "arc-behaviour C11, G1, S7; path_resolution(7), unlink(2)",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Severity: lint.Error,
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		if uid, all := sameOwner(s); all {
			r.Skip("all files that decide belong to uid %d in this copy of the site, so who may write them on the CE is not known; make the copy as root with tar", uid)
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
		effect = "can put another " + path.Base(d.Path) + " in its place, which decides " + d.Decides
	}
	if mode := info.Mode.Perm(); mode&0o022 != 0 && !(above && info.Mode&fs.ModeSticky != 0) {
		want := fmt.Sprintf("%04o", mode&^0o022)
		f := w.at(d, info, "mode", "%s may write here: the mode is %04o", whoMay(info), mode).With("mode", want).
			Means("Whoever may write here %s.", effect).Do("Set the mode to %s.", want)
		switch {
		case mode&0o002 != 0:
		case info.GID == 0:
			f.As(lint.Note).Impacts(lint.Intrusion, lint.Low)
		default:
			f.As(lint.Warning)
		}
	}
	if info.UID > 0 && !d.Owned && (runsAsRoot(w.site) || !strings.HasPrefix(info.Path, w.site.ControlDir())) {
		w.at(d, info, "owner", "this %s belongs to uid %d, not to root", kindOf(info), info.UID).
			Means("The owner %s.", effect).Do("Give it to root.").
			As(lint.Warning).With("owner", "root:root")
	}
}

// whoMay names the others than the owner who may write.
func whoMay(info site.Named) string {
	switch {
	case info.Mode&0o002 != 0:
		return "every user"
	case info.GID == 0:
		return "the group root"
	}
	return "its group"
}

func kindOf(info site.Named) string {
	if info.Mode.IsDir() {
		return "directory"
	}
	return "file"
}

func (w *writers) at(d site.Deciding, info site.Named, about, format string, args ...any) *lint.Finding {
	f := w.reporter.Path(info.Path, format, args...).About(about).With("path", info.Path)
	if !d.From.IsZero() {
		f.Relate(d.From, "named here")
	}
	return f
}
