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
	Why: "A default queue that no block defines, a user that does not exist, a directory or program that is missing: ARC notices it only when a job or a client needs it, " +
		"and then the job, the client or the whole service fails. Directories that A-REX makes itself when it starts are not meant.",
	Source:   "arc-behaviour C8; arc-checks b1.11-13, b2.6-10, b3",
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
			if need, ok := needsPath(s, b.Kind+" "+ruleName(o)); ok {
				need.text = strings.ReplaceAll(need.text, lint.NeverMatches(false), lint.NeverMatches(inverts(o)))
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
	f := r.At(o.Value.Span, "default queue %s has no block [queue:%s], want one: jobs that name no queue are refused", queue, queue).About("queue " + queue)
	var names []string
	for _, q := range s.Conf.Kind("queue") {
		names = append(names, q.ID)
	}
	_, text := didYouMean(queue, names)
	f.Headline += text
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
		r.At(o.Value.Span, "user %s does not exist on this host, want an account of /etc/passwd: A-REX cannot run as it", name).As(lint.Error).About("user " + name)
	}
}

func hasName(ids map[string]int, name string) bool {
	_, ok := ids[name]
	return ok
}

// checkCertDir: ARC 6.17 wants the value to be one directory and does not start
// otherwise, ARC 7 splits it at colons (arc-behaviour C8). That a directory is
// not there is on ARC 7 the business of trust/trust-dir-missing.
func checkCertDir(s *site.Site, r *lint.Reporter) {
	o := s.Conf.Block("common").First("x509_cert_dir")
	if o == nil || o.Value.Text == "" {
		return
	}
	if _, commented := o.InlineComment(); commented || o.Quoted() {
		return
	}
	if !s.Release.CertDirList && strings.Contains(o.Value.Text, ":") {
		r.At(o.Value.Span, "%s is taken for the name of one directory, want one: ARC 6 knows no list here and does not start", o.Value.Text).
			As(lint.Error).About("x509_cert_dir").Stopping(true)
		return
	}
	for _, dir := range s.ClientCADirs() {
		n, looked := s.NamedPath(dir)
		if !looked || !path.IsAbs(dir) {
			continue
		}
		if n.Err == nil && !n.Mode.IsDir() || s.Release.StrictStart && s.Gone(dir) {
			r.At(o.Value.Span, "%s is no directory, want the one with the CAs: %s", dir, fate(s, "every client certificate of a CA in it is refused")).
				As(lint.Error).About("x509_cert_dir " + dir).Stopping(s.Release.StrictStart)
		}
	}
}

// needsPath says what fails without the path that the value names; ok is false
// for an option whose path ARC makes itself or does not need.
func needsPath(s *site.Site, option string) (need effect, ok bool) {
	switch option {
	case "arex sessiondir":
		if s.Value("arex", "fixdirectories").Text != "no" {
			return effect{}, false
		}
		return effect{lint.Error, "with fixdirectories=no ARC does not make it, and refuses every job"}, true
	case "arex tmpdir":
		if s.Release.StrictStart {
			return effect{lint.Error, noStartThere6}, true
		}
		return effect{lint.Warning, "A-REX has nowhere for its scratch files"}, true
	case "gridftpd/filedir mount":
		return effect{lint.Error, noStartThere6}, true
	case "arex runtimedir":
		return effect{lint.Warning, "jobs that ask for one of its runtime environments are refused"}, true
	case "datadelivery-service transfer_dir":
		return effect{lint.Warning, "the service has nowhere to move files from or to"}, true
	case "lrms pbs_bin_path", "lrms slurm_bin_path", "lrms condor_bin_path", "lrms sge_bin_path", "lrms lsf_bin_path", "lrms ll_bin_path", "lrms condor_config", "lrms sge_root":
		return effect{lint.Warning, "the scripts of the batch system find nothing there, so no job can be submitted"}, true
	case "arex statecallout":
		return effect{lint.Warning, "A-REX cannot call it, so jobs fail at that state"}, true
	case "authgroup plugin":
		return effect{lint.Error, "ARC cannot run it, so that " + lint.NeverMatches(false)}, true
	case "mapping map_with_plugin":
		return effect{lint.Error, "ARC cannot run it, so nobody of the group gets an account"}, true
	}
	return effect{}, false
}

// checkPath looks at the first absolute path of the value: a plugin's stands
// behind its time limit.
func checkPath(s *site.Site, r *lint.Reporter, b *arcconf.Block, o *arcconf.Option, need effect) {
	for _, word := range strings.Fields(o.Value.Text) {
		if !path.IsAbs(word) {
			continue
		}
		if s.Gone(word) {
			r.At(o.Value.Span, "%s does not exist, want it, or the line corrected: %s", word, need.text).
				As(need.severity).About(b.Name + " " + word).Stopping(stopsStart(need.text))
		}
		return
	}
}
