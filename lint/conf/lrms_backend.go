package conf

import (
	"errors"
	"io/fs"
	"slices"

	"arclint/internal/site"
	"arclint/lint"
)

var lrmsBackend = &lint.Rule{
	ID:    "conf/lrms-backend",
	Title: "The scripts of the batch system are not installed",
	Why: "A-REX submits jobs with the script submit-NAME-job of the batch system that lrms names. " +
		"It starts without the script, with a warning in its log, and every job fails at submission. " +
		"Since ARC 7, the scripts of fork, Condor and SLURM are in the package of A-REX. " +
		"The others are in a package of their own, such as nordugrid-arc-arex-lrms-contrib, where the distribution has it.",
	Source:   "arc-checks b2.10, b3; src/services/a-rex/grid-manager/conf/CoreConfig.cpp (CheckLRMSBackends)",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Effect:   "Every job fails at submission.",
	Recipe:   lint.Manual,
	ByHand: `Name the batch system that this host submits to:

    [lrms]
    lrms=slurm

On ARC 7, install the package of the other scripts for sge, lsf or ll, with the
tool of the system:

    apt-get install nordugrid-arc-arex-lrms-contrib
    dnf install nordugrid-arc-arex-lrms-contrib

See that the script is there:

    ls -l /usr/share/arc/submit-slurm-job

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		o := s.Conf.Block("lrms").First("lrms")
		script := s.SubmitScript()
		if o == nil || script == "" || hasOtherFault("lrms", o) {
			return
		}
		name, _ := nextWord(o.Value.Text)
		if known := s.Release.Ref.Block("lrms").Option("lrms"); !allows(known, name) {
			return // bad-value speaks of it
		}
		n, looked := s.NamedPath(script)
		if !looked || !errors.Is(n.Err, fs.ErrNotExist) || !installed(s) {
			return
		}
		f := r.At(o.Value.Span, "%s does not exist", script).About(name).Do("Install the scripts of %s.", name)
		if s.Release.ContribScripts && contributed(name) {
			f.Do("Install the package nordugrid-arc-arex-lrms-contrib, which has the scripts of %s.", name)
		}
	},
}

// installed says whether ARC's scripts are in this root at all: a copy of /etc
// says nothing about them.
func installed(s *site.Site) bool {
	n, looked := s.NamedPath(site.ARCData)
	return looked && n.Err == nil
}

func contributed(name string) bool {
	return slices.Contains([]string{"boinc", "ll", "lsf", "pbs", "pbspro", "sge"}, name)
}
