package conf

import (
	"path"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var crossReference = &lint.Rule{
	ID:    "conf/cross-reference",
	Title: "arc.conf refers to something that is not there",
	Why: "arc.conf may name a default queue that no block defines, a user that does not exist, or a directory or program that is missing. " +
		"ARC notices it only when a job or a client needs it. " +
		"Then the job, the client or the whole service fails. This rule does not report directories that A-REX makes itself when it starts.",
	Source:   "arc-behaviour C8; arc-checks b1.11-13, b2.6-10, b3",
	Impact:   lint.Outage,
	Facts:    []string{"C8"},
	Severity: lint.Warning,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Make what the line names, or name what is there. Write a block for the default
queue of lrms:

    [lrms]
    lrms=slurm grid

    [queue:grid]
    comment=Jobs of the grid

On ARC 6, name one directory in x509_cert_dir. On ARC 7, write colons between
several.

    [common]
    x509_cert_dir=/etc/grid-security/certificates

Make a directory that is missing, for tmpdir with the mode 1777:

    install -d -o root -g root -m 0755 /path
    getent passwd NAME

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		checkQueue(s, r)
		checkUser(s, r)
		checkCertDir(s, r)
		for b, o := range options(s) {
			if need, ok := needsPath(s, b.Kind+" "+ruleName(o), inverts(o)); ok {
				checkPath(s, r, b.Block, o, need)
			}
		}
	},
}

func checkQueue(s *site.Site, r *lint.Reporter) {
	o := s.Conf.Block("lrms").First("lrms")
	if o == nil || len(s.Conf.Kind("queue")) == 0 { // missing-block speaks of it
		return
	}
	_, rest := nextWord(o.Value.Text)
	queue, _ := nextWord(rest)
	if queue == "" || queue[0] == '#' || s.Conf.Block("queue:"+queue) != nil {
		return
	}
	f := r.At(o.Value.Span, "the default queue %s has no block [queue:%s]", queue, queue).About("queue " + queue).
		Means("ARC refuses jobs that name no queue.").Do("Write that block, or name a queue that has one.")
	var names []string
	for _, q := range s.Conf.Kind("queue") {
		names = append(names, q.ID)
	}
	if near, action := ifMeant(queue, names); near != "" {
		f.Do("%s Otherwise, write the block [queue:%s].", action, queue)
	}
}

func checkUser(s *site.Site, r *lint.Reporter) {
	o := s.Conf.Block("arex").First("user")
	if o == nil || o.Value.Text == "" || strings.ContainsAny(o.Value.Text, `$"'#`) {
		return
	}
	name, _, _ := strings.Cut(o.Value.Text, ":")
	switch {
	case s.Accounts == nil:
		r.Skip("/etc/passwd could not be read, so it is not known whether the user %s of [arex] exists", name)
	case hasName(s.Accounts.Users, name):
	case !s.Accounts.Complete():
		r.Skip("accounts may come from elsewhere than /etc/passwd (nsswitch.conf), so it is not known whether the user %s of [arex] exists", name)
	default:
		r.At(o.Value.Span, "the user %s of [arex] does not exist on this host", name).As(lint.Error).About("user " + name).
			Means("A-REX cannot run as this user.").Do("Name an account of /etc/passwd.")
	}
}

func hasName(ids map[string]int, name string) bool {
	_, ok := ids[name]
	return ok
}

// checkCertDir: ARC 6.17 does not start unless the value is one directory, ARC 7
// splits it at colons (arc-behaviour C8). That a directory is not there is on ARC 7
// the business of trust/trust-dir-missing.
func checkCertDir(s *site.Site, r *lint.Reporter) {
	o := s.Conf.Block("common").First("x509_cert_dir")
	if o == nil || o.Value.Text == "" {
		return
	}
	if _, commented := o.InlineComment(); commented || o.Quoted() {
		return
	}
	if !s.Release.CertDirList && strings.Contains(o.Value.Text, ":") {
		f := r.At(o.Value.Span, "x509_cert_dir has more than one directory").About("x509_cert_dir").Do("Name one directory.")
		stopping("ARC 6 reads the value as the name of one directory, and does not start.").on(f)
		return
	}
	for _, dir := range s.ClientCADirs() {
		n, looked := s.NamedPath(dir)
		if !looked || !path.IsAbs(dir) {
			continue
		}
		if n.Err == nil && !n.Mode.IsDir() || s.Release.StrictStart && s.Gone(dir) {
			f := r.At(o.Value.Span, "%s is not a directory", dir).About("x509_cert_dir " + dir).Do("Name the directory with the CAs.")
			orStops6(s, lint.Error, "ARC refuses every client certificate of a CA that is meant to be there.").on(f)
		}
	}
}

// needsPath says what fails without the path that the value names; ok is false
// for an option whose path ARC makes itself or does not need.
func needsPath(s *site.Site, option string, inverted bool) (need outcome, ok bool) {
	switch option {
	case "arex sessiondir":
		if s.Value("arex", "fixdirectories").Text != "no" {
			return outcome{}, false
		}
		return outcome{lint.Error, "With fixdirectories=no ARC does not make it, and refuses every job.", false}, true
	case "arex tmpdir":
		return orStops6(s, lint.Warning, "A-REX has no place for its scratch files."), true
	case "gridftpd/filedir mount":
		return stopping(doesNotStart6), true
	case "arex runtimedir":
		return outcome{lint.Warning, "ARC refuses jobs that ask for one of its runtime environments.", false}, true
	case "datadelivery-service transfer_dir":
		return outcome{lint.Warning, "The service has no place to move files from or to.", false}, true
	case "lrms pbs_bin_path", "lrms slurm_bin_path", "lrms condor_bin_path", "lrms sge_bin_path", "lrms lsf_bin_path", "lrms ll_bin_path", "lrms condor_config", "lrms sge_root":
		return outcome{lint.Warning, "The scripts of the batch system find nothing there, so no job can be submitted.", false}, true
	case "arex statecallout":
		return outcome{lint.Warning, "A-REX cannot call it, so jobs fail at that state.", false}, true
	case "authgroup plugin":
		return outcome{lint.Error, "ARC cannot run it. " + lint.MatchesNobody(inverted), false}, true
	case "mapping map_with_plugin":
		return outcome{lint.Error, "ARC cannot run it, so nobody of the group gets an account.", false}, true
	}
	return outcome{}, false
}

// checkPath looks at the first absolute path of the value: a plugin's is behind its
// time limit.
func checkPath(s *site.Site, r *lint.Reporter, b *arcconf.Block, o *arcconf.Option, need outcome) {
	for _, word := range strings.Fields(o.Value.Text) {
		if !path.IsAbs(word) {
			continue
		}
		if s.Gone(word) {
			f := r.At(o.Value.Span, "%s names %s, which does not exist", o.Name.Text, word).About(b.Name + " " + word)
			need.on(f).Do("Make what is missing, or correct the line.")
		}
		return
	}
}
