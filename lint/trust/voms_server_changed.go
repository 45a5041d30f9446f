package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var vomsServerChanged = &lint.Rule{
	ID:    "trust/voms-server-changed",
	Title: "A VOMS server has another certificate than its .lsc file says, or an expired one",
	Why: "Where the chain that a VOMS server serves is given as evidence, arclint compares it with the .lsc file. It does so as ARC compares the certificate that signs attributes, which is the server's own. " +
		"After a change of the name or of the CA the file no longer admits it, and the VO's users are kept out. " +
		"voms-proxy-init takes no attributes from a server whose certificate has expired: members soon come without any.",
	Source:   "arc-behaviour V2; voms-proxy-init(1)",
	Impact:   lint.Outage,
	Facts:    []string{"V2"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Take the .lsc file that the VO publishes now, or write the names that the server
shows:

    openssl s_client -connect voms.example.org:15000 -showcerts </dev/null

If its certificate has expired, tell the VO.`,
	Check: func(s *site.Site, r *lint.Reporter) {
		eachLSC(s, func(vo *gridsec.VO, lsc *gridsec.LSC) {
			for _, served := range s.Evidence {
				if served.Err != nil || served.Host != lsc.Host || len(served.Chain) == 0 {
					continue
				}
				leaf, about := served.Chain[0], vo.Name+" "+lsc.Host
				if !trust.MayAdmit(lsc, served.Chain[0]) {
					r.Path(lsc.Path, "the server has another certificate than this file says").
						Means("It serves the names below, of which this file has no chain. ARC drops attributes of %s.", vo.Name).
						Do("Take the .lsc file that the VO publishes now.").Lists([]string{leaf.SubjectName, leaf.IssuerName}).
						RelatePath(served.Path, "what it serves").About(about)
				}
				if !leaf.NotAfter.After(s.Now) {
					r.Path(lsc.Path, "the certificate of the server expired on %s", leaf.NotAfter.UTC().Format(day)).
						Means("Members of %s get no attributes from it.", vo.Name).Do("Tell the VO.").
						RelatePath(served.Path, "what it serves").As(lint.Warning).About(about + " expired")
				}
			}
		})
	},
}
