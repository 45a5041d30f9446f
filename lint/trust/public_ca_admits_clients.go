package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var publicCAAdmitsClients = &lint.Rule{
	ID:    "trust/public-ca-admits-clients",
	Title: "A public CA is among the CAs of client certificates",
	Why: "A root that was added for a token issuer also admits client certificates. ARC 7 enforces no signing policy: every certificate with clientAuth under this root authenticates. " +
		"A rule all=yes or a ! rule then lets its holder in. Public CAs check who controls a domain, not who somebody is. " +
		"ARC 6.17 enforces a signing policy beside the root; without one it admits them too.",
	Source:   "arc-behaviour F1, E2, H1, H2",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"F1", "H1", "H2", "E2"},
	Severity: lint.Warning,
	Effect:   "Every client certificate under it authenticates.",
	Action:   "Remove it from the CAs of client certificates.",
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, d := range clientDirs(s) {
			if d.Err != nil {
				continue
			}
			for _, c := range d.anchors {
				if !addedPublic(c) || heldByPolicy(s, d, c) {
					continue
				}
				f := r.Path(c.File.Path, "the public CA %s is among the CAs of client certificates", commonName(c.SubjectName)).
					About(c.SubjectName).With("path", c.File.Path).With("anchor", c.SubjectName)
				if !d.same(s.GridDir) {
					f.Offer("remove-anchor") // the key fetch does not look there
				}
			}
		}
	},
}

// addedPublic says whether the certificate is a root of the web that IGTF does
// not distribute: somebody added it.
func addedPublic(c *gridsec.Certificate) bool {
	root, public := publicRoot(c)
	return public && !root.IGTF
}

// heldByPolicy says whether this release keeps the CA's clients out by its
// signing policy.
func heldByPolicy(s *site.Site, d *directory, c *gridsec.Certificate) bool {
	if !s.Release.SigningPolicies {
		return false
	}
	p := policedBy(d, c)
	return p.policy() != nil && !p.grantsMore()
}
