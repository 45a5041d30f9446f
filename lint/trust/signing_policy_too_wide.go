package trust

import (
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var signingPolicyTooWide = &lint.Rule{
	ID:    "trust/signing-policy-too-wide",
	Title: "A signing policy allows a CA every subject",
	Why: "A signing policy ties a CA to the names that it may give. With `*` or `/*` the CA may give the name of any user of any other CA. ARC knows users by their subject alone and cannot tell the two apart. " +
		"In ARC 6.17 a pattern is a regular expression, so that `|.*` or an unintended dot widens it too. `arcctl deploy ca-cert` writes `/*` for a subject of one part.",
	Source:   "arc-behaviour E4, E5; arc-checks b6",
	Impact:   lint.Intrusion,
	Risk:     lint.Low,
	Facts:    []string{"E5"},
	Severity: lint.Warning,
	Action:   "Write only the names that this CA may give.",
	Recipe:   lint.Manual,
	ByHand: `Write the names that the CA may give, each with what all its names begin with:

    cond_subjects  globus  '"/DC=org/DC=example/OU=people/*"'

Write no | into it: ARC 6 reads it as a regular expression. If the file comes
from a package, tell its distributor instead: an update writes it again.

See that a certificate of a user still gets in:

    arclint verify --purpose client user-chain.pem
    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for p := range policies(s) {
			for _, e := range p.entries() {
				for _, pattern := range e.Subjects {
					if !allowsAll(pattern.Text) {
						continue
					}
					f := r.At(pattern.Span, "the pattern %s allows %s every subject", pattern.Text, commonName(p.ca.SubjectName)).
						Means("The CA can give the name of any user of any other CA.").About(p.ca.SubjectName + " " + pattern.Text)
					if !s.Release.SigningPolicies {
						f.As(lint.Note).Means(unread7 + " Such software lets the CA give the name of any user of any other CA.")
					}
				}
			}
		}
	},
}

// allowsAll says whether the pattern matches any subject, as a glob or as the
// regular expression that ARC 6.17 makes of it.
func allowsAll(pattern string) bool {
	for part := range strings.SplitSeq(pattern, "|") {
		switch strings.TrimSpace(part) {
		case "*", "/*", ".*", "/.*":
			return true
		}
	}
	return false
}
