package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeInterfaces = &lint.Rule{
	ID:    "conf/upgrade-interfaces",
	Title: "Clients reach the site by an interface that the release of --target does not have",
	Why: "ARC 7 accepts jobs by REST only. ARC 6 offers EMI-ES at the same address, and gridftp beside it. " +
		"A client or a broker that is told to use one of them fails after the upgrade, and nothing in the configuration shows it. " +
		"The control directory has another layout, which breaks scripts that read its files.",
	Source:   "arc-checks Upgrade diff: release notes of 7.0.0 and migration guide",
	Impact:   lint.Outage,
	Severity: lint.Note,
	Where:    func(r site.Release) bool { return r.EMIES || !r.JobDirs },
	Upgrade:  true,
	Recipe:   lint.Manual,
	ByHand: `Tell every client and every broker to submit by REST before the upgrade: ARC 6
offers it at the same address. Try it with a certificate:

    curl --capath /etc/grid-security/certificates \
      --cert usercert.pem --key userkey.pem \
      https://ce.example.org:443/arex/rest/1.0/jobs

Change scripts that read controldir, so that they ask arcctl:

    arcctl job path JOBID`,
	Check: func(s *site.Site, r *lint.Reporter) {
		if b := s.Conf.Block("arex/ws/jobs"); b != nil && s.Release.EMIES && !s.Target.Release.EMIES {
			r.At(b.Header().Span, "ARC %s has no EMI-ES at this address", s.Target.Release.Version).About("emi-es").
				Means("Submission by EMI-ES fails after the upgrade.").
				Do("Before the upgrade, tell every client and every broker to use REST.")
		}
		if b := s.Conf.Block("arex"); b != nil && !s.Release.JobDirs && s.Target.Release.JobDirs {
			r.At(b.Header().Span, "ARC %s has another layout of the control directory", s.Target.Release.Version).About("controldir").
				Means("The files of jobs move, and scripts that read them fail.").
				Do("Change such scripts, so that they ask `arcctl job path`.")
		}
	},
}
