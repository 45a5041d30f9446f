package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var publicCAAdmitsClients = &lint.Rule{
	ID:    "trust/public-ca-admits-clients",
	Title: "A public CA stands among the CAs of client certificates",
	Why: "A root that was added for a token issuer also admits client certificates: on ARC 7 every certificate with clientAuth under it authenticates, since no signing policy is enforced, " +
		"and a rule all=yes or a ! rule then lets its holder in. Public CAs check the control of a domain, not persons. " +
		"ARC 6.17 enforces a signing policy beside the root; without one it admits them too.",
	Source:   "arc-behaviour F1, E2, H1, H2",
	Facts:    []string{"F1", "H1", "H2", "E2"},
	Severity: lint.Warning,
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
				f := r.Path(c.File.Path, "%s is a public CA, want it out of the CAs of client certificates: every client certificate under it authenticates", c.SubjectName).
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
