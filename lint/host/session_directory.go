package host

import (
	"fmt"
	"io/fs"
	"path"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var sessionDirectory = &lint.Rule{
	ID:    "host/session-directory",
	Title: "Jobs cannot use their session directory",
	Why: "A-REX makes a directory for each job below sessiondir and gives it to the account of the job, as which it then runs. It makes sessiondir itself where nothing is there, with those above. " +
		"Where sessiondir is no directory every job is refused. Where accounts may not go through it, or through a directory above it, A-REX accepts the job as root. The job fails when its script cannot change to its directory. " +
		"With norootpower=yes the account itself makes the directory of the job, and sessiondir needs the mode 1777, which A-REX sets only with fixdirectories=yes, the default.",
	Source:   "arc-behaviour J2; S72 src/services/a-rex/grid-manager/conf/GMConfig.cpp (CreateSessionDirectory)",
	Impact:   lint.Outage,
	Facts:    []string{"J2"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   "fix-modes",
	ByHand: `If sessiondir names a file, name a directory that only root may write:

    [arex]
    sessiondir=/var/spool/arc/sessiondir

Let accounts go through it, and through each directory above it:

    ls -ld /var/spool /var/spool/arc /var/spool/arc/sessiondir
    chmod 0755 /var/spool/arc/sessiondir

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		if !runsAsRoot(s) {
			return // jobs run as that user, whose the directories are
		}
		for _, v := range s.Conf.Values("arex", "sessiondir", s.Release.Ref) {
			if dir := firstWord(v.Text); path.IsAbs(dir) {
				checkSession(s, r, v, path.Clean(dir))
			}
		}
	},
}

func checkSession(s *site.Site, r *lint.Reporter, v arcconf.Value, dir string) {
	n, looked := s.NamedPath(dir)
	if looked && n.Err == nil && !n.Mode.IsDir() {
		aboutSession(r, v, dir, "sessiondir is not a directory").
			Means("A-REX refuses every job.").Do("Name a directory, or remove what is here.").About("no directory " + dir)
		return
	}
	for _, at := range s.Above(dir) {
		if shut(at) {
			want := fmt.Sprintf("%04o", at.Mode.Perm()|0o011)
			modeOfSession(r, v, at.Path, at.Mode, want).Headlined("a directory above sessiondir has the mode %04o", at.Mode.Perm()).
				Means("Accounts may not go through it to the session directory, and every job fails.")
		}
	}
	noRoot := s.Value("arex", "norootpower").Text == "yes"
	switch {
	case !looked || n.Err != nil || noRoot && fixes(s):
	case noRoot && n.UID == 0 && n.Mode.Perm()&0o002 == 0 && closedToGroup(n, 0o020):
		modeOfSession(r, v, dir, n.Mode, "1777").
			Means("With norootpower=yes accounts make the directories of their jobs here. They cannot, and A-REX refuses every job.")
	case !noRoot && shut(n):
		modeOfSession(r, v, dir, n.Mode, "0755").
			Means("Accounts may not go through it to the directories of their jobs, and every job fails.")
	}
}

// fixes says whether A-REX gives sessiondir the mode that it needs.
func fixes(s *site.Site) bool {
	fix := s.Value("arex", "fixdirectories").Text
	return fix == "" || fix == "yes"
}

// shut says whether accounts may not go through the directory. Of one that is not
// root's, or that a group may pass, the files do not tell whose the jobs are.
func shut(n site.Named) bool {
	return n.Mode.IsDir() && n.UID == 0 && n.Mode.Perm()&0o001 == 0 && closedToGroup(n, 0o010)
}

func closedToGroup(n site.Named, bit uint32) bool {
	return uint32(n.Mode.Perm())&bit == 0 || n.GID == 0
}

func modeOfSession(r *lint.Reporter, v arcconf.Value, dir string, mode fs.FileMode, want string) *lint.Finding {
	return aboutSession(r, v, dir, "sessiondir has the mode %04o", mode.Perm()).Do("Set the mode to %s.", want).
		About("mode "+dir).With("path", dir).With("mode", want)
}

func aboutSession(r *lint.Reporter, v arcconf.Value, at, format string, args ...any) *lint.Finding {
	f := r.Path(at, format, args...)
	if v.Option != nil {
		f.Relate(v.Option.Value.Span, "sessiondir is named here")
	}
	return f
}
