package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var upgradePackages = &lint.Rule{
	ID:    "conf/upgrade-packages",
	Title: "Packages have to go before the upgrade, or bring configuration of their own",
	Why: "The gridftp server of ARC 6 does not work beside ARC 7, and its packages have to be erased first. The packages of ARC 7 make a test CA where they find none, " +
		"and then put files into arc.conf.d that set x509_host_key and x509_host_cert once more: with arc.conf's own both stand twice, and every TLS connection to the CE fails. " +
		"They also admit whoever has a certificate of the test CA. Files that stand in arc.conf.d already count from then on.",
	Source:   "arc-checks Upgrade diff: migration guide; arc-behaviour C7, C10; nordugrid-arc-arex.postinst of Debian's 7.2.0",
	Severity: lint.Warning,
	Until:    "7.0.0",
	Upgrade:  true,
	Recipe:   "upgrade",
	Check: func(s *site.Site, r *lint.Reporter) {
		if b := s.Conf.Block("gridftpd"); b != nil {
			r.At(b.Header().Span, "the gridftp server cannot stay beside ARC %s, want nordugrid-arc-gridftpd and nordugrid-arc-plugins-gridftpjob erased before the upgrade", s.Target.Release.Version).
				About("gridftpd")
		}
		common := s.Conf.Block("common")
		for _, name := range []string{"x509_host_key", "x509_host_cert"} {
			if o := common.First(name); o != nil {
				r.At(o.Name.Span, "%s is set here, and the packages of ARC %s may set it again in arc.conf.d/00-testCA-hostcert.conf, want that file removed before the services start: set twice it breaks every TLS connection",
					name, s.Target.Release.Version).About(name)
			}
		}
		for _, f := range s.Target.Conf.Files[1:] {
			r.Path(f.Path, "ARC %s reads this file, which ARC 6 passes over, want it looked through before the upgrade: its lines are added to those of arc.conf", s.Target.Release.Version)
		}
	},
}
