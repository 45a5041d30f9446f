package main

import (
	"arclint/internal/admission"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
)

// noStart asks the rules that may say so whether the service starts and serves anybody.
func noStart(s *site.Site) *admission.NoStart {
	f := lint.Run(s, catalog.Starts()).Stop()
	if f == nil {
		return nil
	}
	n := &admission.NoStart{Path: f.Path, Rule: f.Rule, Message: f.Headline, Starts: !f.Stops}
	if !f.Span.IsZero() {
		n.Line = f.Span.Begin().Line
	}
	return n
}
