package host

import (
	"fmt"
	"path"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var sessionDirectory = &lint.Rule{
	ID:    "host/session-directory",
	Title: "Jobs cannot use their session directory",
	Why: "A-REX makes a directory for each job below sessiondir and gives it to the account of the job, as which it then runs. It makes sessiondir itself where nothing is there, with those above. " +
		"Where sessiondir is no directory every job is refused. Where accounts may not go through it, or through a directory above it, A-REX takes the job as root, and it fails when its script cannot change to its directory. " +
		"With norootpower=yes the account itself makes the directory of the job, and sessiondir needs the mode 1777, which A-REX sets only with fixdirectories=yes, the default.",
	Source:   "arc-behaviour J2; S72 src/services/a-rex/grid-manager/conf/GMConfig.cpp (CreateSessionDirectory)",
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
		aboutSession(r, v, dir, "is no directory: A-REX refuses every job. Name a directory, or remove what is here").About("no directory " + dir)
		return
	}
	for _, at := range s.Above(dir) {
		if shut(at) {
			want := fmt.Sprintf("%04o", at.Mode.Perm()|0o011)
			what := "mode is %04o: accounts may not go through it to the session directory, and every job fails. Set it to %s"
			aboutSession(r, v, at.Path, what, at.Mode.Perm(), want).About("mode "+at.Path).With("path", at.Path).With("mode", want)
		}
	}
	noRoot := s.Value("arex", "norootpower").Text == "yes"
	switch {
	case !looked || n.Err != nil || noRoot && fixes(s):
	case noRoot && n.UID == 0 && n.Mode.Perm()&0o002 == 0 && closedToGroup(n, 0o020):
		aboutSession(r, v, dir, "mode is %04o: with norootpower=yes accounts make the directories of their jobs here, and cannot: A-REX refuses every job. Set it to 1777", n.Mode.Perm()).
			About("mode "+dir).With("path", dir).With("mode", "1777")
	case !noRoot && shut(n):
		aboutSession(r, v, dir, "mode is %04o: accounts may not go through it to the directories of their jobs, and every job fails. Set it to 0755", n.Mode.Perm()).
			About("mode "+dir).With("path", dir).With("mode", "0755")
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

func aboutSession(r *lint.Reporter, v arcconf.Value, at, format string, args ...any) *lint.Finding {
	f := r.Path(at, format, args...)
	if v.Option != nil {
		f.Relate(v.Option.Value.Span, "sessiondir is named here")
	}
	return f
}
