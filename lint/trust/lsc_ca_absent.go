package trust

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var lscCAAbsent = &lint.Rule{
	ID:    "trust/lsc-ca-absent",
	Title: "The CA of a VOMS server is not among the trust anchors, or has expired",
	Why: "ARC verifies the certificate that signed the VOMS attributes against the trust directory of the site. Where the CA that the .lsc file names is not there, ARC drops the attributes, and the VO's users are kept out. " +
		"It happens when a VOMS server moves to another CA and only one of the two is updated.",
	Source:   "S72 src/hed/libs/credential/VOMSUtil.cpp; arc-behaviour V5, D7",
	Impact:   lint.Outage,
	Facts:    []string{"V5", "D7"},
	Severity: lint.Warning,
	Rests:    true,
	Recipe:   "restore-igtf",
	ByHand: `Take the .lsc file that the VO publishes now. If it names the same CA, ask the
VO where that CA is published. Install it only if your site accepts it: it then
vouches for users and hosts too.

    cp example-ca.pem /etc/grid-security/certificates/
    openssl rehash -compat /etc/grid-security/certificates

See what is left of it:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, d := range clientDirs(s) {
			if d.Err != nil {
				return
			}
			if unseen := d.Unseen(); unseen != "" {
				r.Skip("%s was not read, so it is not known which CAs of VOMS servers the CE trusts", unseen)
				return
			}
		}
		known := knownCAs(s)
		eachChain(s, func(vo *gridsec.VO, lsc *gridsec.LSC, chain []gridsec.Line) {
			if trust.Swapped(texts(chain), func(name string) bool { return known[name] }) {
				return // trust/lsc-chain
			}
			if ca, ended := trust.EndedCA(s, texts(chain)); ended {
				r.At(chain[1].Span, "the CA %s has expired", commonName(ca)).Means("ARC drops the attributes of %s from this server.", vo.Name).
					Do("Write the subject of the server's new CA.").About(vo.Name + " " + ca).Offer()
			}
			two := trust.SecondServer(texts(chain), func(name string) bool { return known[name] }) > 0
			for i, ca := range chain[1:] {
				switch at, _ := bareSlash(ca.Text); {
				case known[ca.Text] || at >= 0 || isFaulty(ca.Text) || two:
				case i == len(chain)-2:
					offerSet(r.At(ca.Span, "the CA %s is not among the trust anchors", commonName(ca.Text)), ca.Text).
						Means("ARC drops the attributes of %s from this server, unless it sends this CA's certificate with them, issued by a trust anchor.", vo.Name).
						Do("Take the .lsc file that the VO publishes now. If it names the same CA, install that CA.").About(vo.Name + " " + ca.Text)
				default:
					offerSet(r.At(ca.Span, "the issuing CA %s is not among the trust anchors", commonName(ca.Text)), ca.Text).
						Means("ARC drops attributes of %s, unless the server sends this CA's certificate with them.", vo.Name).
						Do("Install the CA.").About(vo.Name + " " + ca.Text)
				}
			}
		})
	},
}

// offerSet offers to put the IGTF set back where the CA is of it: no other comes with it.
func offerSet(f *lint.Finding, ca string) *lint.Finding {
	ofSet := slices.ContainsFunc(issuers.GridCAs(), func(known issuers.GridCA) bool { return known.Subject == ca && known.Fate != issuers.Dropped })
	if !ofSet {
		f.Offer()
	}
	return f
}
