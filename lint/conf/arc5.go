package conf

import (
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var arc5 = &lint.Rule{
	ID:    "conf/arc5",
	Title: "arc.conf is written for ARC 5",
	Why: "ARC 6 renamed most blocks and options, reads quotes as part of a value, and needs a colon in the names of queues and groups. " +
		"A service of ARC 6 or later does not start on an arc.conf of ARC 5. Nothing in it has the meaning that it had. " +
		"arclint judges nothing else of it, and no recipe changes it: no program can tell who is meant to get in.",
	Source:   "arc.conf.reference of 6.17.0, \"previously\"; arc-behaviour C12; arc-checks b1.16",
	Impact:   lint.Outage,
	Severity: lint.Error,
	Alone:    true,
	Action:   "Write a new arc.conf for this release, by hand.",
	Recipe:   lint.Manual,
	ByHand: `Write a new arc.conf beside the old one, without quotes. Begin with these
blocks: they take the place of [grid-manager], [group/dune], the lines
unixmap of [gridftpd], [cluster] and [queue/grid].

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
    admindomain_name=EXAMPLE-SITE

    [infosys/cluster]

    [queue:grid]

Copy further settings under the names that this release has for them. See first
who gets in, and start the services then:

    arclint check
    arclint access
    systemctl start arc-arex arc-arex-ws`,
	Check: func(s *site.Site, r *lint.Reporter) {
		old := s.Conf.ARC5()
		if len(old) == 0 {
			return
		}
		r.At(old[0].Span, "arc.conf is written for ARC 5, as the block [%s] shows", strings.TrimSpace(old[0].Text)).
			Means("ARC %s does not start.", s.Release.Measured).Stopping(true)
		r.Skip("arc.conf is written for ARC 5, so nothing else of this site was judged")
	},
}
