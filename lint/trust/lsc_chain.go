package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var lscChain = &lint.Rule{
	ID:    "trust/lsc-chain",
	Title: "The chain in an .lsc file is not that of one VOMS server and its CAs",
	Why: "A chain begins with the subject of the VOMS server. Below it is the subject of its CA, and then that of the CA above. ARC compares them in this order. " +
		"If the server sends its own certificate alone, the chain may have three names, and one more for each certificate that it sends besides. Where it has more, ARC drops the attributes. " +
		"A second server needs a chain of its own, with a line that says NEXT CHAIN between the two.",
	Source:   "arc-behaviour V2",
	Impact:   lint.Outage,
	Facts:    []string{"V2"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write the server first, then its CA, and a line between two servers:

    /DC=org/DC=example/CN=voms.example.org
    /DC=org/DC=example/CN=Example CA
    ------ NEXT CHAIN ------
    /DC=org/DC=example/CN=voms2.example.org
    /DC=org/DC=example/CN=Example CA

See what arclint says of it:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		known := knownCAs(s)
		eachChain(s, func(vo *gridsec.VO, lsc *gridsec.LSC, chain []gridsec.Line) {
			if len(chain) < 2 {
				return
			}
			about := vo.Name + " " + chain[0].Text
			second := trust.SecondServer(texts(chain), func(name string) bool { return known[name] })
			switch {
			case second > 0:
				r.At(chain[second].Span, "a second server begins here without NEXT CHAIN before it").Means("ARC reads both servers as one chain, and drops attributes of %s.", vo.Name).
					Do("Write the line ------ NEXT CHAIN ------ between the two.").About(about)
			case trust.Swapped(texts(chain), func(name string) bool { return known[name] }):
				r.At(chain[0].Span, "the CA is above the server").Means("ARC compares the first line with the server, and drops attributes of %s.", vo.Name).
					Do("Write the server first, then its CA.").About(about)
			case len(chain) > 3:
				r.At(chain[3].Span, "the chain has %d names, more than the three that always count", len(chain)).Means("ARC drops attributes of %s, unless the server sends the certificates of its CAs with them.", vo.Name).
					Do("Leave out the last names.").As(lint.Warning).About(about)
			}
		})
	},
}

// knownCAs are the names of the CAs that this CE trusts for clients.
func knownCAs(s *site.Site) map[string]bool {
	known := map[string]bool{}
	for _, d := range clientDirs(s) {
		for _, c := range d.anchors {
			known[c.SubjectName] = true
		}
	}
	return known
}
