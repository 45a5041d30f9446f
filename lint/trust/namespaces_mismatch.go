package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var namespacesMismatch = &lint.Rule{
	ID:       "trust/namespaces-mismatch",
	Title:    "A namespaces file does not speak of its CA",
	Why:      "A .namespaces file must have a rule TO ISSUER for the subject of its CA. No ARC release reads it; Java services on the same directory (VOMS, dCache, StoRM) then refuse every certificate of the CA.",
	Source:   "arc-behaviour E1; EUGridPMA namespaces format",
	Facts:    []string{"E1"},
	Severity: lint.Note,
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d, c := range allAnchors(s) {
			if file := d.namespacesOf(c); file != nil {
				reportNamespaces(r, file, c)
			}
		}
	},
}

func reportNamespaces(r *lint.Reporter, file *gridsec.File, c *gridsec.Certificate) {
	if problems := file.Namespaces.Problems; len(problems) > 0 {
		r.At(problems[0].Span, "%s; ARC does not read it, other grid software does", problems[0].Message).About(c.SubjectName + " syntax")
	}
	for _, rule := range file.Namespaces.Rules {
		if rule.Issuer.Text == c.SubjectName || rule.Issuer.Text == "SELF" {
			return
		}
	}
	if len(file.Namespaces.Rules) > 0 {
		r.At(file.Namespaces.Rules[0].Issuer.Span, "no rule is for %s, want its subject here: ARC does not read it, other grid software refuses the CA's certificates", c.SubjectName).About(c.SubjectName)
	}
}
