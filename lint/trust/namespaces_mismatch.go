package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var namespacesMismatch = &lint.Rule{
	ID:       "trust/namespaces-mismatch",
	Title:    "A namespaces file has no rule for its CA",
	Why:      "A .namespaces file must have a rule TO ISSUER for the subject of its CA. No ARC release reads it; Java services on the same directory (VOMS, dCache, StoRM) then refuse every certificate of the CA.",
	Source:   "arc-behaviour E1; EUGridPMA namespaces format",
	Impact:   lint.Hygiene,
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
		r.At(problems[0].Span, "%s", problems[0].Message).Means("ARC does not read this file; other grid software does.").
			Do("Write the rule in this form, or restore the file from the distribution of the CA.").About(c.SubjectName + " syntax")
	}
	for _, rule := range file.Namespaces.Rules {
		if rule.Issuer.Text == c.SubjectName || rule.Issuer.Text == "SELF" {
			return
		}
	}
	if len(file.Namespaces.Rules) > 0 {
		r.At(file.Namespaces.Rules[0].Issuer.Span, "no rule in this file is for %s", commonName(c.SubjectName)).
			Means("ARC does not read this file. Other grid software refuses the CA's certificates.").
			Do("Write %s as the issuer, or restore the file from the distribution of the CA.", c.SubjectName).About(c.SubjectName)
	}
}
