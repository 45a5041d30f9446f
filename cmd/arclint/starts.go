package main

import (
	"arclint/internal/admission"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/conf"
)

// noStart asks the rules on arc.conf whether the service starts on it.
func noStart(s *site.Site) *admission.NoStart {
	f := lint.Run(s, conf.Rules).Stop()
	if f == nil {
		return nil
	}
	n := &admission.NoStart{Path: f.Path, Rule: f.Rule, Message: f.Message}
	if !f.Span.IsZero() {
		n.Line = f.Span.Begin().Line
	}
	return n
}
