package lint

import (
	"fmt"
	"slices"

	"arclint/internal/source"
)

// Reporter collects what one rule finds. Its methods that make a finding
// return it, so that a rule can add to it; the pointer is valid until the rule
// returns.
type Reporter struct {
	rule     *Rule
	findings []*Finding
	skips    []Skip
}

// At reports a finding that stands in a text. Its headline says what is wrong there.
// Of a long text the end is left out, here and in the other methods.
func (r *Reporter) At(at source.Span, headline string, args ...any) *Finding {
	f := r.Path(at.Path(), headline, args...)
	f.Span = at
	return f
}

// Path reports a finding about a file or directory as a whole. path is as the
// site sees it.
func (r *Reporter) Path(path, headline string, args ...any) *Finding {
	f := &Finding{
		Rule: r.rule.ID, Title: r.rule.Title, Path: path, Headline: brief(fmt.Sprintf(headline, args...)),
		Severity: r.rule.Severity, Impact: r.rule.Impact, Risk: r.rule.Risk,
		Effect: r.rule.Effect, Action: r.rule.Action,
	}
	if r.rule.Recipe != Manual {
		f.Recipes = []string{r.rule.Recipe}
	}
	r.findings = append(r.findings, f)
	return f
}

// Skip reports that the rule could not look, and why. Silence is not health.
func (r *Reporter) Skip(format string, args ...any) {
	r.skips = append(r.skips, Skip{Rule: r.rule.ID, Reason: brief(fmt.Sprintf(format, args...))})
}

// Headlined sets another headline.
func (f *Finding) Headlined(format string, args ...any) *Finding {
	f.Headline = brief(fmt.Sprintf(format, args...))
	return f
}

// Means says what happens because of it, in sentences: who gets in, who is kept out,
// what fails, when.
func (f *Finding) Means(format string, args ...any) *Finding {
	f.Effect = brief(fmt.Sprintf(format, args...))
	return f
}

// Do says what to do, in imperative sentences.
func (f *Finding) Do(format string, args ...any) *Finding {
	f.Action = brief(fmt.Sprintf(format, args...))
	return f
}

// Lists names what headline, effect or action speak of, where that is many.
func (f *Finding) Lists(items []string) *Finding { f.List = items; return f }

// As sets another severity than the rule's own.
func (f *Finding) As(s Severity) *Finding { f.Severity = s; return f }

// Stopping says that the service does not start because of it, if that is so.
func (f *Finding) Stopping(is bool) *Finding { f.Stops = is; return f.failing(is) }

// Unserving says that the service starts and serves nobody because of it, if that is so.
func (f *Finding) Unserving(is bool) *Finding { f.Unserved = is; return f.failing(is) }

// About names what the finding is about: it makes the fingerprint of two
// findings of one rule in one file differ.
func (f *Finding) About(subject string) *Finding { f.Subject = subject; return f }

// Relate adds a second place in a text that helps to understand the finding.
func (f *Finding) Relate(at source.Span, format string, args ...any) *Finding {
	f.Related = append(f.Related, Related{Path: at.Path(), Span: at, Message: brief(fmt.Sprintf(format, args...))})
	return f
}

// RelatePath adds a second file that helps to understand the finding.
func (f *Finding) RelatePath(path, format string, args ...any) *Finding {
	f.Related = append(f.Related, Related{Path: path, Message: brief(fmt.Sprintf(format, args...))})
	return f
}

// Fix adds exact edits that together repair the place: none where one of them has no
// place, as ARC computes what would be replaced.
func (f *Finding) Fix(edits ...source.Edit) *Finding {
	if slices.ContainsFunc(edits, func(e source.Edit) bool { return e.Span.IsZero() }) {
		return f
	}
	f.Edits = append(f.Edits, edits...)
	return f
}

// With sets a parameter for the recipe.
func (f *Finding) With(key, value string) *Finding {
	if f.Args == nil {
		f.Args = map[string]string{}
	}
	f.Args[key] = value
	return f
}

// Offer names recipes that repair the finding, in the order of preference, in
// place of the rule's own.
func (f *Finding) Offer(recipes ...string) *Finding { f.Recipes = recipes; return f }
