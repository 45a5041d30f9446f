package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var lscOneLine = &lint.Rule{
	ID:    "trust/lsc-one-line",
	Title: "An .lsc file names a VOMS server without its CA",
	Why: "ARC compares a chain of names from the second line on. It does not compare a chain of one line at all, whatever name that is. " +
		"Whoever has a certificate of a CA that this CE trusts, a user's or a host's, can then sign attributes of the VO that count. " +
		"The signer can become a member of the VO with any role.",
	Source:   "arc-behaviour V3",
	Impact:   lint.Intrusion,
	Risk:     lint.High,
	Facts:    []string{"V3"},
	Severity: lint.Error,
	Action:   "Write the subject of the CA below that of the VOMS server.",
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write the subject of the CA below that of the VOMS server, as the VO publishes
both:

    /DC=org/DC=example/CN=voms.example.org
    /DC=org/DC=example/CN=Example CA

See that nothing is left of it:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		eachLSC(s, func(vo *gridsec.VO, lsc *gridsec.LSC) {
			for _, line := range trust.Opening(lsc) {
				r.At(line, "the chain has one line, which ARC does not compare").
					Means("Anybody with a certificate of a trusted CA can sign attributes of %s.", vo.Name).
					About(vo.Name + " " + lsc.Host)
			}
		})
	},
}
