package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var lscSuperseded = &lint.Rule{
	ID:    "trust/lsc-superseded",
	Title: "An .lsc file has names that the VO has replaced",
	Why: "VOMS servers get certificates of other CAs now and then, and the VO publishes an .lsc file with the new names. Where the old file is still there, ARC drops attributes that are signed under the new names. " +
		"arclint knows the files that OSG and WLCG have published, with their days. It says nothing about names that it has never seen: they may be newer.",
	Source:   "opensciencegrid/osg-vo-config, WLCG-AuthZ-WG/wlcg-authz-docs; arc-behaviour V2",
	Impact:   lint.Outage,
	Facts:    []string{"V2"},
	Severity: lint.Warning,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write the names that the VO publishes now, or both, with a line between them,
for as long as attributes of the old certificate live:

    /DC=org/DC=example/CN=voms.example.org
    /DC=org/DC=example/CN=Example CA
    ------ NEXT CHAIN ------
    /DC=org/DC=example/CN=voms.example.org
    /DC=org/DC=example/CN=Example CA 2

See that nothing is left of it:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		eachLSC(s, func(vo *gridsec.VO, lsc *gridsec.LSC) {
			published := issuers.VOMSServers(vo.Name, lsc.Host)
			if len(published) == 0 || published[0].Until != "" || hasNames(lsc, published[0]) != nil || stillServed(s, lsc) {
				return
			}
			for _, old := range published[1:] {
				if at := hasNames(lsc, old); at != nil {
					r.At(at.Span, "the VO %s replaced these names on %s", vo.Name, old.Until).
						Means("ARC drops attributes that its server signs under the new names.").Do("Add a chain with the new names, the CA below the server.").
						Lists([]string{published[0].Server, published[0].CA}).About(vo.Name + " " + lsc.Host)
					return
				}
			}
		})
	},
}

// hasNames is the first line of a chain with the names; nil where there is none.
func hasNames(lsc *gridsec.LSC, v issuers.VOMSServer) *gridsec.Line {
	for _, chain := range lsc.Chains {
		if len(chain) > 1 && v.Is(chain[0].Text, chain[1].Text) {
			return &chain[0]
		}
	}
	return nil
}

// stillServed says whether the evidence shows the server with a certificate that the
// file names.
func stillServed(s *site.Site, lsc *gridsec.LSC) bool {
	for _, served := range s.Evidence {
		if served.Err == nil && served.Host == lsc.Host && len(served.Chain) > 0 && trust.MayAdmit(lsc, served.Chain[0]) {
			return true
		}
	}
	return false
}
