package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var notACA = &lint.Rule{
	ID:       "trust/not-a-ca",
	Title:    "A trust anchor is not a CA certificate",
	Why:      "OpenSSL refuses every chain over a certificate that says CA:FALSE. It does the same if the certificate has neither basicConstraints nor a keyUsage with certSign. Such a CA admits nobody.",
	Source:   "arc-behaviour D7; RFC 5280 section 4.2.1.9",
	Impact:   lint.Outage,
	Facts:    []string{"D7"},
	Severity: lint.Warning,
	Effect:   "OpenSSL does not accept it as a CA and refuses every chain over it.",
	Action:   "Install the CA's current certificate in its place, or remove the file.",
	Recipe:   "remove-anchor",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, c := range allAnchors(s) {
			if !maySign(c) && !isLeaf(c) {
				r.Path(c.File.Path, "the certificate of %s has no basicConstraints CA:TRUE", commonName(c.SubjectName)).
					About(c.SubjectName).With("path", c.File.Path)
			}
		}
	},
}
