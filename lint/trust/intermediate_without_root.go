package trust

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var intermediateWithoutRoot = &lint.Rule{
	ID:       "trust/intermediate-without-root",
	Title:    "An intermediate CA stands in the trust directory without its root",
	Why:      "OpenSSL ends a chain at a self-signed root only (ARC does not ask for partial chains). An intermediate CA alone, or a cross certificate without the root that signed it, admits nobody.",
	Source:   "arc-behaviour D5, D6",
	Facts:    []string{"D5"},
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		eachAnchor(s, func(d *directory, c *gridsec.Certificate) {
			if maySign(c) && !selfIssued(c) && len(d.named[c.IssuerHash]) == 0 && !d.hasRoot(c) {
				r.Path(c.File.Path, "%s is an intermediate CA and its issuer %s does not stand here, want the root too: OpenSSL ends no chain at an intermediate", c.SubjectName, c.IssuerName).
					About(c.SubjectName)
			}
		})
	},
}

// hasRoot says whether a self-signed certificate of the same subject stands
// there: then this one is a cross certificate that nobody needs.
func (d *directory) hasRoot(c *gridsec.Certificate) bool {
	return slices.ContainsFunc(d.named[c.Hash], selfIssued)
}
