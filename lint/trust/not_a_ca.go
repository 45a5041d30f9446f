package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var notACA = &lint.Rule{
	ID:       "trust/not-a-ca",
	Title:    "A trust anchor is no CA certificate",
	Why:      "OpenSSL refuses every chain over a certificate that says CA:FALSE, or that has neither basicConstraints nor a keyUsage with certSign: the CA stands there and admits nobody.",
	Source:   "arc-behaviour D7; RFC 5280 section 4.2.1.9",
	Facts:    []string{"D7"},
	Severity: lint.Warning,
	Recipe:   "remove-anchor",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, c := range allAnchors(s) {
			if !maySign(c) && !isLeaf(c) {
				r.Path(c.File.Path, "%s is no CA (no basicConstraints CA:TRUE), want the CA's current certificate: every chain over it is refused", c.SubjectName).
					About(c.SubjectName).With("path", c.File.Path)
			}
		}
	},
}
