package conf

import (
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var arc5 = &lint.Rule{
	ID:    "conf/arc5",
	Title: "arc.conf is one of ARC 5",
	Why: "ARC 6 renamed most blocks and options, takes quotes for part of a value, and wants a colon in the names of queues and groups. A service of ARC 6 or later does not start on an arc.conf of ARC 5, " +
		"and nothing in it has the meaning that it had. Nothing else of it is judged, and no recipe changes it: no program can tell who is meant to get in.",
	Source:   "arc.conf.reference of 6.17.0, \"previously\"; arc-behaviour C12; arc-checks b1.16",
	Severity: lint.Error,
	Alone:    true,
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
		r.At(old[0].Span, "arc.conf is one of ARC 5, as [%s] shows: ARC %s does not start on it. Write a new one for this release, by hand",
			strings.TrimSpace(old[0].Text), s.Release.Measured).Stopping(true)
		r.Skip("arc.conf is one of ARC 5, so nothing else of this site was judged")
	},
}
