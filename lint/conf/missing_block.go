package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var missingBlock = &lint.Rule{
	ID:    "conf/missing-block",
	Title: "A block that an ARC CE needs is missing",
	Why: "Without [common], [mapping] or [lrms] the service does not start. Without [arex] the CE answers no client, and without [arex/ws/jobs] every request gets 404. " +
		"Without [arex/ws] the CE has no REST interface at all. " +
		"Without [infosys] and [infosys/glue2] ARC 6.17 does not start; ARC 7 works and publishes nothing. " +
		"Without any [queue:NAME] it starts, answers and refuses every job.",
	Source:   "arc-behaviour C12, C1, B8, J1; arc-checks b1.16, b3",
	Impact:   lint.Outage,
	Facts:    []string{"C12", "B8", "J1"},
	Severity: lint.Error,
	Action:   "Write the block; its header is enough where the defaults fit.",
	Recipe:   lint.Manual,
	ByHand: `Write the block, with a header alone where the defaults fit. Name in the access
list and in [mapping] only groups that may submit jobs.

    [common]
    hostname=ce.example.org

    [authgroup:dune]
    voms=dune * * *

    [mapping]
    map_to_user=dune dune:dune

    [lrms]
    lrms=slurm

    [arex]

    [arex/ws]
    wsurl=https://ce.example.org:443/arex

    [arex/ws/jobs]
    allowaccess=dune

    [infosys]

    [infosys/glue2]

    [queue:grid]

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		if !s.IsCE() {
			r.Skip("%s has no [arex] and no [arex/...] block, but [datadelivery-service]: this host is not a computing element", s.ConfigPath())
			return
		}
		for _, need := range needed {
			if s.Conf.Block(need.block) != nil {
				continue
			}
			then := need.in7
			if s.Release.StrictStart {
				then = need.in6
			}
			then.on(r.Path(s.ConfigPath(), "there is no block [%s]", need.block).About(need.block).Unserving(need.block == "arex"))
		}
		checkInterface(s, r)
		if len(s.Conf.Kind("queue")) == 0 && s.Conf.Block("arex") != nil && s.Conf.Block("lrms") != nil {
			r.Path(s.ConfigPath(), "there is no block [queue:NAME]").About("queue").
				Means("The CE answers, and refuses every job.").Do("Write one for each queue of the batch system.")
		}
	},
}

var (
	stopped = stopping(doesNotStart)
	hidden  = outcome{lint.Warning, "ARC's own check reports an error, and the CE is not published.", false}
)

// needed are the blocks without which a CE fails (measured: arc-behaviour C12,
// B8 and the rows "no [...]" of group C).
var needed = []struct {
	block    string
	in6, in7 outcome
}{
	{"common", stopped, stopped},
	{"mapping", stopped, stopped},
	{"lrms", stopped, stopped},
	{"arex", stopped, outcome{lint.Error, "The CE ends every connection.", false}},
	{"infosys", stopped, hidden},
	{"infosys/glue2", stopped, hidden},
}

// checkInterface: a CE without any web interface may be meant (jobs may come in
// through gridftpd on ARC 6, or from a local client); one without
// [arex/ws/jobs] is not.
func checkInterface(s *site.Site, r *lint.Reporter) {
	switch {
	case s.Conf.Block("arex/ws") != nil && s.Conf.Block("arex/ws/jobs") == nil:
		r.Path(s.ConfigPath(), "there is no block [arex/ws/jobs]").About("arex/ws/jobs").Unserving(true).
			Means("The CE answers 404 to every request.").Do("Write the block, with the groups that may submit jobs.")
	case !s.HasBlockIn("arex/ws") && s.Conf.Block("gridftpd/jobs") == nil:
		r.Path(s.ConfigPath(), "there is no block [arex/ws]").As(lint.Warning).About("arex/ws").Unserving(true).
			Means("The CE opens no port.").Do("Write the block if jobs are to come in over the network.")
	}
}
