package host

import (
	"io/fs"
	"path"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var directoryMode = &lint.Rule{
	ID:    "host/directory-mode",
	Title: "A directory of A-REX has the wrong mode",
	Why: "Whoever may write into controldir decides about every job. On ARC 7 the keys of issuers are pinned there too, so the writer can let anyone in. " +
		"ARC 6.17 does not start unless a controldir that arc.conf names has the mode 0755 or 0700, and a tmpdir 1777. A tmpdir without the sticky bit lets every user remove the files of the others. " +
		"Jobs of others use what is in sessiondir and cachedir, and root writes into the directory of a log. There nobody else may put files.",
	Source:   "arc-checks b1.12, b2.7, b3; arc-behaviour G1",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Severity: lint.Error,
	Rests:    true,
	Stops:    true,
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		if dir := s.Value("arex", "controldir"); dir.Origin != arcconf.Unresolved {
			checkControlDir(s, r, dir)
		}
		if dir := s.Value("arex", "tmpdir"); dir.Origin == arcconf.Admin {
			checkTmpDir(s, r, dir)
		}
		checkShared(s, r)
	},
}

func checkControlDir(s *site.Site, r *lint.Reporter, dir arcconf.Value) {
	n, ok := s.NamedPath(dir.Text)
	if !ok || n.Err != nil || !n.Mode.IsDir() {
		return
	}
	mode := n.Mode.Perm()
	stops := dir.Origin == arcconf.Admin && s.Release.StrictStart && mode != 0o755 && mode != 0o700
	switch {
	case mode&0o022 != 0:
		f := report(r, dir, "controldir has the mode %04o", mode, "0755").Means("Whoever may write here %s", controls).Stopping(stops)
		if stops {
			f.Means("%s ARC 6 does not start.", f.Effect)
		}
	case stops:
		report(r, dir, "controldir has the mode %04o", mode, "0755").Means("ARC 6 does not start.").Stopping(true).Impacts(lint.Outage, "")
	}
	if n.UID > 0 && runsAsRoot(s) {
		r.Path(dir.Text, "controldir belongs to uid %d, not to root", n.UID).Means("This user %s", controls).Do("Give the directory to root.").
			About("owner").With("path", dir.Text).With("owner", "0:0").As(lint.Warning)
	}
}

const controls = "controls the jobs and, on ARC 7, the pinned keys of issuers."

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
	case s.Release.StrictStart && mode != 0o777:
		report(r, dir, "tmpdir has the mode %04o", mode, "1777").Means("ARC 6 does not start.").Stopping(true).Impacts(lint.Outage, "")
	case mode&0o002 != 0 && n.Mode&fs.ModeSticky == 0:
		report(r, dir, "tmpdir has the mode %04o without the sticky bit", mode, "1777").Means("Every user may remove the files of the others.").
			Impacts(lint.Outage, "")
	case !s.Release.StrictStart && n.Mode&fs.ModeSticky == 0:
		report(r, dir, "tmpdir has the mode %04o without the sticky bit", mode, "1777").As(lint.Note).
			Means("The command `arcctl config verify` reports an error.").Impacts(lint.Hygiene, "")
	}
}

// checkShared looks at the directories that many write in through A-REX, and at
// those of its logs.
func checkShared(s *site.Site, r *lint.Reporter) {
	for _, dir := range s.Conf.Values("arex", "sessiondir", s.Release.Ref) {
		if f := checkWritable(s, r, dir, firstWord(dir.Text), "Every user may move the directories of jobs away."); f != nil {
			f.Impacts(lint.Outage, "")
		}
	}
	for _, dir := range s.Conf.Values("arex/cache", "cachedir", s.Release.Ref) {
		checkWritable(s, r, dir, firstWord(dir.Text), "Every user may put files there that jobs of others use as their input.")
	}
	for _, block := range []string{"arex", "arex/ws", "infosys"} {
		if log := s.Value(block, "logfile"); log.Origin == arcconf.Admin {
			checkWritable(s, r, log, path.Dir(log.Text), "Every user may put a link there, and root then writes through it to another place.")
		}
	}
}

// checkWritable: with the sticky bit, as norootpower needs it for sessiondir,
// nobody can touch what belongs to others.
func checkWritable(s *site.Site, r *lint.Reporter, v arcconf.Value, dir, effect string) *lint.Finding {
	n, ok := s.NamedPath(dir)
	if !path.IsAbs(dir) || !ok || n.Err != nil || !n.Mode.IsDir() || n.Mode&0o002 == 0 || n.Mode&fs.ModeSticky != 0 {
		return nil
	}
	want := "0755"
	if s.Value("arex", "norootpower").Text == "yes" && v.Option != nil && v.Option.Name.Text == "sessiondir" {
		want = "1777"
	}
	v.Text = dir
	return report(r, v, "every user may write here: the mode is %04o", n.Mode.Perm(), want).Means("%s", effect).As(lint.Warning).About("mode " + dir)
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

func report(r *lint.Reporter, dir arcconf.Value, format string, mode fs.FileMode, want string) *lint.Finding {
	f := r.Path(dir.Text, format, mode).Do("Set the mode to %s.", want).About("mode").With("path", dir.Text).With("mode", want)
	if dir.Option != nil {
		f.Relate(dir.Option.Value.Span, "named here")
	}
	return f
}
