package conf

import (
	"arclint/internal/site"
	"arclint/lint"
)

var upgradePublicInfo = &lint.Rule{
	ID:    "conf/upgrade-public-info",
	Title: "Information that only users may read today is public after the upgrade",
	Why: "ARC 6 gives information on the CE by its web interface to those who may use it, unless the block [arex/ws/publicinfo] opens it. " +
		"ARC 7 gives it to anyone unless [infosys/accesscontrol] says to whom. A site with [infosys/ldap] publishes it to everybody already.",
	Source:   "arc.conf.reference of 6.17.0 [arex/ws/publicinfo], of 7.0.0 [infosys/accesscontrol]",
	Impact:   lint.Intrusion,
	Risk:     lint.Low,
	Severity: lint.Warning,
	Gains:    func(r site.Release) bool { return r.PublicInfo },
	Upgrade:  true,
	Recipe:   "upgrade",
	Check: func(s *site.Site, r *lint.Reporter) {
		ws := s.Conf.Block("arex/ws")
		if ws == nil || s.Conf.Block("arex/ws/publicinfo") != nil || s.Conf.Block("infosys/ldap") != nil {
			return
		}
		if len(accessLines(s.Target.Conf.Block("infosys/accesscontrol"))) > 0 {
			return
		}
		r.At(ws.Header().Span, "ARC %s gives information on the CE to anyone", s.Target.Release.Version).About("public information").
			Means("Today only users may read it.").Do("If that is not meant, add [infosys/accesscontrol] with allowaccess.")
	},
}
