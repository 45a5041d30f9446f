package host

import (
	"io/fs"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var directoryMode = &lint.Rule{
	ID:    "host/directory-mode",
	Title: "A directory of A-REX has the wrong mode",
	Why: "Whoever may write into controldir decides about every job, and on ARC 7 about the issuers whose keys are pinned there, so he can let himself in. " +
		"ARC 6.17 does not start unless a controldir that arc.conf names has the mode 0755 or 0700, and a tmpdir 1777. A tmpdir without the sticky bit lets every user remove the files of the others.",
	Source:   "arc-checks b1.12, b2.7, b3; arc-behaviour G1",
	Severity: lint.Error,
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		if dir := s.Value("arex", "controldir"); dir.Origin != arcconf.Unresolved {
			checkControlDir(s, r, dir)
		}
		if dir := s.Value("arex", "tmpdir"); dir.Origin == arcconf.Admin {
			checkTmpDir(s, r, dir)
		}
	},
}

func checkControlDir(s *site.Site, r *lint.Reporter, dir arcconf.Value) {
	n, ok := s.NamedPath(dir.Text)
	if !ok || n.Err != nil || !n.Mode.IsDir() {
		return
	}
	mode := n.Mode.Perm()
	named := dir.Origin == arcconf.Admin
	switch {
	case mode&0o022 != 0:
		report(r, dir, "mode is %04o, want 0755 or 0700: whoever may write here controls the jobs and, on ARC 7, the pinned issuers", mode, "0755")
	case named && !s.Release.Is7() && mode != 0o755 && mode != 0o700:
		report(r, dir, "mode is %04o, want 0755 or 0700: ARC 6 does not start", mode, "0755")
	}
	if n.UID > 0 && runsAsRoot(s) {
		r.Path(dir.Text, "owner is uid %d, want root (0): the owner controls the jobs and, on ARC 7, the pinned issuers", n.UID).
			About("owner").With("path", dir.Text).With("owner", "0:0").As(lint.Warning)
	}
}

// runsAsRoot: with [arex] user A-REX gives its directories to that user.
func runsAsRoot(s *site.Site) bool {
	user := s.Value("arex", "user").Text
	return user == "" || user == "root" || user == "root:root"
}

func checkTmpDir(s *site.Site, r *lint.Reporter, dir arcconf.Value) {
	n, ok := s.NamedPath(dir.Text)
	if !ok || n.Err != nil || !n.Mode.IsDir() {
		return
	}
	mode := n.Mode.Perm()
	switch {
	case !s.Release.Is7() && mode != 0o777:
		report(r, dir, "mode is %04o, want 1777: ARC 6 does not start", mode, "1777")
	case mode&0o002 != 0 && n.Mode&fs.ModeSticky == 0:
		report(r, dir, "mode is %04o without the sticky bit, want 1777: every user may remove the files of the others", mode, "1777")
	}
}

func report(r *lint.Reporter, dir arcconf.Value, format string, mode fs.FileMode, want string) {
	f := r.Path(dir.Text, format, mode).About("mode").With("path", dir.Text).With("mode", want)
	if dir.Option != nil {
		f.Relate(dir.Option.Value.Span, "named here")
	}
}
