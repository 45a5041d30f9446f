package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var vomsDirMissing = &lint.Rule{
	ID:       "trust/voms-dir-missing",
	Title:    "There is no vomsdir, and authgroups ask for VOMS attributes",
	Why:      "ARC believes the VOMS attributes of a proxy only where vomsdir tells it which server speaks for the VO. Without the directory it drops all attributes: no voms= rule ever matches and the VO's users are kept out.",
	Source:   "S72 src/hed/libs/credential/VOMSUtil.cpp; arc-behaviour B6, V1",
	Impact:   lint.Outage,
	Facts:    []string{"B6", "V1"},
	Severity: lint.Error,
	Effect:   "ARC drops all VOMS attributes, and no voms= rule matches.",
	Action:   "Make a directory for each VO in it, with the .lsc files of its VOMS servers.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Make a directory for each VO, and in it a file for each of its VOMS servers, as
the VO publishes it:

    install -d -o root -g root -m 0755 /etc/grid-security/vomsdir/VO
    cp voms.example.org.lsc /etc/grid-security/vomsdir/VO/

If the directory is elsewhere, put a link to it at that path. Remove
x509_voms_dir, which has no effect.

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		rules := vomsRules(s)
		if len(rules) == 0 || !noVOMSDir(s, r) {
			return
		}
		f := r.Path(s.VOMS.Path, "this directory does not exist")
		for _, rule := range rules {
			f.Relate(rule.Option.Line, "asks for the VO %s", rule.Test.VO.Text)
		}
	},
}
