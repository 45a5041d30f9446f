package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var upgradePackages = &lint.Rule{
	ID:    "conf/upgrade-packages",
	Title: "The packages of the release of --target bring configuration, or make that of arc.conf.d count",
	Why: "The packages of ARC 7 make a test CA where they find none. " +
		"They then put files into arc.conf.d that set x509_host_key and x509_host_cert once more. If arc.conf sets them too, every TLS connection to the CE fails. " +
		"They also admit whoever has a certificate of the test CA. Files that are in arc.conf.d already count from then on.",
	Source:   "arc-behaviour C7, C10; nordugrid-arc-arex.postinst of Debian's 7.2.0",
	Impact:   lint.Outage,
	Facts:    []string{"C7", "C10"},
	Severity: lint.Warning,
	Gains:    func(r site.Release) bool { return r.ConfD },
	Upgrade:  true,
	Recipe:   "upgrade",
	Check: func(s *site.Site, r *lint.Reporter) {
		common := s.Conf.Block("common")
		for _, name := range []string{"x509_host_key", "x509_host_cert"} {
			if o := common.First(name); o != nil {
				r.At(o.Name.Span, "the packages of ARC %s may set %s a second time", s.Target.Release.Version, name).About(name).
					Means("Set twice, the option breaks every TLS connection.").
					Do("Remove arc.conf.d/00-testCA-hostcert.conf before the services start.")
			}
		}
		for _, f := range s.Target.Conf.Files[1:] {
			r.Path(f.Path, "ARC %s reads this file, and ARC 6 ignores it", s.Target.Release.Version).Impacts(lint.Hygiene, "").
				Means("After the upgrade its lines are added to those of arc.conf.").Do("Before the upgrade, check each line of the file.")
		}
	},
}
