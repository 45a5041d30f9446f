package authz

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var dnOnlyWithPublicCA = &lint.Rule{
	ID:    "authz/dn-only-with-public-ca",
	Title: "Subjects decide, and a public CA can certify subjects",
	Why: "subject=, file= and map_with_file compare the subject and do not ask which CA certified it. The CAs of the grid share out the name space among them, and ARC 7 does not enforce their signing policies. " +
		"A public CA is not bound by that. Whoever gets a certificate with clientAuth and the listed subject from it is that user.",
	Source:   "arc-behaviour F1, F3, E2",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"F1"},
	Severity: lint.Warning,
	Action:   "Remove that CA from the CAs of client certificates.",
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		cas := publicClientCAs(s)
		if len(cas) == 0 {
			return
		}
		for _, g := range access.Model(s).Groups {
			if rule := decidesBySubject(g); rule != nil {
				r.At(rule.Option.Line, "the subject alone decides, and clients may have certificates of a public CA").
					Means("A certificate of %s with the same subject is the same user.", cas[0].SubjectName).
					About(g.Name).With("path", cas[0].File.Path).With("anchor", cas[0].SubjectName).
					RelatePath(cas[0].File.Path, "the public CA")
			}
		}
	},
}

// decidesBySubject is the first rule that makes certificates members by their
// subject. A subject that is issuer/sub of a token is none of these.
func decidesBySubject(g *authgroup.Group) *authgroup.Rule {
	for _, rule := range g.Rules {
		switch t := rule.Test.(type) {
		case *authgroup.Subject:
			if rule.Positive() && !access.IsTokenSubject(t.DN.Text) {
				return rule
			}
		case *authgroup.File:
			if rule.Positive() {
				return rule
			}
		}
	}
	return nil
}
