package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var signingPolicyWrongSubject = &lint.Rule{
	ID:    "trust/signing-policy-wrong-subject",
	Title: "A signing policy speaks of another CA than the one under its hash",
	Why: "ARC 6.17 looks in HASH.signing_policy for an entry whose access_id_CA is the CA's subject to the letter: case, order and slashes count, an e-mail address is /emailAddress=. " +
		"With entries for other names only, every client certificate of the CA is refused.",
	Source:   "arc-behaviour E4, E6",
	Facts:    []string{"E4", "E6"},
	Severity: lint.Error,
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for p := range policies(s) {
			policy := p.policy()
			if policy == nil || len(policy.Entries) == 0 || len(p.entries()) > 0 {
				continue
			}
			at := policy.Entries[0].CA.Span
			if at.IsZero() {
				continue // trust/signing-policy-unparsable says what is wrong with the line
			}
			f := r.At(at, "no entry is for %s, want its subject here to the letter: ARC 6 refuses every client certificate of this CA", p.ca.SubjectName).
				About(p.ca.SubjectName).RelatePath(p.ca.File.Path, "the CA")
			if !s.Release.SigningPolicies {
				f.As(lint.Note).Headline = "no entry is for " + p.ca.SubjectName + ", want its subject here to the letter: ARC 7 does not read it, other grid software does"
			}
		}
	},
}
