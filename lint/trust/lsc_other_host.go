package trust

import (
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var lscOtherHost = &lint.Rule{
	ID:    "trust/lsc-other-host",
	Title: "An .lsc file is named after another host than the server in it",
	Why: "ARC reads vomsdir/VO/HOST.lsc for attributes that name HOST in their URI. That is the name that the VOMS server gives itself, in most cases that of its certificate. ARC does not read a file with another name for attributes of the server that it is about. " +
		"A server that goes by an alias is the exception: the VO's vomses file says under which name.",
	Source:   "arc-behaviour V1",
	Impact:   lint.Outage,
	Facts:    []string{"V1"},
	Severity: lint.Warning,
	Action:   "Compare the name with that in the VO's vomses file. If they differ, rename the file.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Compare the name with that in the VO's vomses file. If they differ, rename the
file:

    cd /etc/grid-security/vomsdir/VO
    mv old.example.org.lsc voms.example.org.lsc

If the server goes by an alias, leave the file as it is.`,
	Check: func(s *site.Site, r *lint.Reporter) {
		eachLSC(s, func(vo *gridsec.VO, lsc *gridsec.LSC) {
			if trust.Misplaced(lsc) != "" {
				return // trust/lsc-place
			}
			var others []gridsec.Line
			for _, chain := range lsc.Chains {
				switch host := trust.HostIn(chain[0].Text); {
				case host == "" || strings.EqualFold(host, lsc.Host) || isAlias(vo, lsc, chain):
					return
				case len(chain) > 1:
					others = append(others, chain[0])
				}
			}
			if len(others) > 0 && !namedBeside(vo, trust.HostIn(others[0].Text)) {
				r.At(others[0].Span, "the file is for %s and names the server %s", lsc.Host, trust.HostIn(others[0].Text)).
					Means("ARC reads it for attributes of %s from %s alone.", vo.Name, lsc.Host).About(vo.Name + " " + lsc.Host)
			}
		})
	},
}

// isAlias says whether the server goes by the name of the file: the VO has published
// it so, or the name is that of the server below voms-, as IAM has it.
func isAlias(vo *gridsec.VO, lsc *gridsec.LSC, chain []gridsec.Line) bool {
	if strings.EqualFold(lsc.Host, "voms-"+trust.HostIn(chain[0].Text)) {
		return true
	}
	return slices.ContainsFunc(issuers.VOMSServers(vo.Name, lsc.Host), func(v issuers.VOMSServer) bool {
		return trust.HostIn(v.Server) == trust.HostIn(chain[0].Text)
	})
}

// namedBeside says whether the VO has a file for the host too: then this one is for an
// alias.
func namedBeside(vo *gridsec.VO, host string) bool {
	for _, lsc := range vo.LSCs {
		if strings.EqualFold(lsc.Host, host) {
			return true
		}
	}
	return false
}
