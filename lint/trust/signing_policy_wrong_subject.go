package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var signingPolicyWrongSubject = &lint.Rule{
	ID:    "trust/signing-policy-wrong-subject",
	Title: "A signing policy has no entry for the CA under its hash",
	Why: "ARC 6.17 looks in HASH.signing_policy for an entry whose access_id_CA is the CA's subject to the letter. Case, order and slashes count, and an e-mail address is /emailAddress=. " +
		"With entries for other names only, it refuses every client certificate of the CA.",
	Source:   "arc-behaviour E4, E6",
	Impact:   lint.Outage,
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
			f := r.At(at, "no entry in this file is for %s", commonName(p.ca.SubjectName)).Means("ARC 6 refuses every client certificate of this CA.").
				Do("Write %s here, to the letter, or restore the file from the distribution of the CA.", p.ca.SubjectName).
				About(p.ca.SubjectName).RelatePath(p.ca.File.Path, "the CA")
			if !s.Release.SigningPolicies {
				f.As(lint.Note).Means(unread7)
			}
		}
	},
}
