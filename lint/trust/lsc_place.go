package trust

import (
	"path"
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var lscPlace = &lint.Rule{
	ID:    "trust/lsc-place",
	Title: "An .lsc file is where ARC does not look for it",
	Why: "ARC reads one file for a VOMS server, vomsdir/VO/HOST.lsc. VO and HOST are those in the URI of the attributes, without the port and with regard to case. " +
		"ARC does not read a file directly in vomsdir, one with a port in its name, or one under the name of another host. " +
		"It then drops the attributes, and the VO's users are kept out.",
	Source:   "arc-behaviour V1",
	Impact:   lint.Outage,
	Facts:    []string{"V1"},
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	ByHand: `Move the file to the directory of its VO. Give it the name of the server from
the VO's vomses file, in lower case and without the port:

    cd /etc/grid-security/vomsdir
    mv voms.example.org.lsc VO/

See what arclint says of it:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, f := range s.VOMS.Files {
			if name := path.Base(f.Path); strings.HasSuffix(name, ".lsc") {
				r.Path(f.Path, "the .lsc file is in vomsdir itself, not in the directory of a VO").Means("ARC does not read it.").
					Do("Move it to %s/VO/%s.", s.VOMS.Path, name).About(name)
			}
		}
		eachLSC(s, func(vo *gridsec.VO, lsc *gridsec.LSC) {
			if where, lower := trust.Misplaced(lsc), strings.ToLower(lsc.Host); where != "" {
				host, _, _ := strings.Cut(lower, ":")
				if slices.ContainsFunc(vo.LSCs, func(other *gridsec.LSC) bool { return other.Host == host }) {
					return // the server has its file
				}
				r.Path(lsc.Path, "%s", where).Means("ARC does not read it for attributes of %s from %s.", vo.Name, host).
					Do("Name it %s.lsc.", host).About(vo.Name + " " + lsc.Host)
			}
		})
	},
}
