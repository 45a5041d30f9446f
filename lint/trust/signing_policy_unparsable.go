package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var signingPolicyUnparsable = &lint.Rule{
	ID:    "trust/signing-policy-unparsable",
	Title: "A signing policy is not read as it was meant",
	Why: "ARC 6.17 ignores an entry that it does not understand. With a policy that grants nothing it refuses every client certificate of the CA. " +
		"An empty file, a byte order mark, neg_rights or a missing line has this effect. So has an unknown line after access_id_CA, or an unquoted subject with a blank. " +
		"Of two cond_subjects lines only the last counts.",
	Source:   "arc-behaviour E3, E4, E5",
	Impact:   lint.Outage,
	Facts:    []string{"E3", "E4", "E5"},
	Severity: lint.Error,
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for p := range policies(s) {
			if p.policy() == nil {
				continue
			}
			problems := p.policy().Problems
			if !p.grants() && len(problems) > 1 {
				problems = problems[:1] // the first explains the others
			}
			for _, problem := range problems {
				f := r.At(problem.Span, "%s", problem.Message).Means("ARC 6 refuses every client certificate of this CA.").Do("%s", problem.Action).
					About(p.ca.SubjectName + " " + problem.Message + problem.Span.Text())
				switch {
				case !s.Release.SigningPolicies:
					f.As(lint.Note).Means(unread7)
				case p.grants():
					f.As(lint.Warning).Means("%s", problem.Means)
				}
			}
		}
	},
}
