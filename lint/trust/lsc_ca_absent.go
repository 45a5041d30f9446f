package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var lscCAAbsent = &lint.Rule{
	ID:    "trust/lsc-ca-absent",
	Title: "The CA of a VOMS server is not among the trust anchors",
	Why: "ARC verifies the certificate that signed the VOMS attributes against the trust directory of the site. Where the CA that the .lsc file names does not stand there, the attributes are dropped and the VO's users are kept out. " +
		"It happens when a VOMS server moves to another CA and only one of the two is updated.",
	Source:   "S72 src/hed/libs/credential/VOMSUtil.cpp",
	Severity: lint.Warning,
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		var certificates []*gridsec.Certificate
		for _, dir := range s.ClientDirs {
			if unreadable(dir, r) {
				return
			}
			certificates = append(certificates, anchors(dir)...)
		}
		known := bySubject(certificates)
		for _, vo := range s.VOMS.VOs {
			for _, lsc := range vo.LSCs {
				for _, chain := range lsc.Chains {
					if len(chain) < 2 {
						continue
					}
					ca := chain[len(chain)-1]
					if len(known[ca.Text]) == 0 {
						r.At(ca.Span, "the CA %s is not among the trust anchors, want it installed or this file updated: the attributes of %s from this server are dropped", ca.Text, vo.Name).About(vo.Name + " " + ca.Text)
					}
				}
			}
		}
	},
}
