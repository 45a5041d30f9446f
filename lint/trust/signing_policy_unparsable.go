package trust

import (
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var signingPolicyUnparsable = &lint.Rule{
	ID:    "trust/signing-policy-unparsable",
	Title: "A signing policy is not read as it was meant",
	Why: "ARC 6.17 takes nothing from an entry that it does not understand, and with an entry that grants nothing every client certificate of the CA is refused: " +
		"an empty file, a byte order mark, neg_rights, a missing line, an unknown line behind access_id_CA, an unquoted subject with a blank.",
	Source:   "arc-behaviour E3, E4, E5",
	Facts:    []string{"E3", "E4", "E5"},
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		eachPoliced(s, r, func(p policed) {
			if p.policy() == nil {
				return
			}
			effect, severity := "ARC 6 refuses every client certificate of this CA for it", lint.Error
			if s.Release.Is7() {
				effect, severity = "ARC 7 does not read it, other grid software does", lint.Note
			}
			report := func(span source.Span, message string) {
				r.At(span, "%s; %s", message, effect).As(severity).About(p.ca.SubjectName + " " + message)
			}
			for _, problem := range p.policy().Problems {
				report(problem.Span, problem.Message)
			}
			for _, e := range p.policy().Entries {
				for _, fault := range e.Faults {
					report(fault.Span, fault.Message)
				}
			}
			if len(p.policy().Entries) == 0 && len(p.policy().Problems) == 0 {
				r.Path(p.file.Path, "this signing policy has no access_id_CA line, want one for %s: %s", p.ca.SubjectName, effect).As(severity).About(p.ca.SubjectName)
			}
		})
	},
}
