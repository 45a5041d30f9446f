package conf

import (
	"slices"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var quotedValue = &lint.Rule{
	ID:    "conf/quoted-value",
	Title: "Quotes stand around a value and become part of it",
	Why: "ARC does not remove quotes around a value: a quoted path is a path that begins with a quotation mark. ARC 6.17 does not start where it needs the path; " +
		"ARC 7 starts, its validator calls it an error, and with a quoted x509_cert_dir every client certificate is refused.",
	Source:   "arc-behaviour C4, B1",
	Facts:    []string{"C4"},
	Severity: lint.Warning,
	Recipe:   "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			inner, ok := o.Enclosed()
			if !ok || isRuleLine(o) && !takesNames(o) || isCertPolicy(b.Block, o) || !isRuleLine(o) && b.ref.Option(o.Name.Text) == nil {
				continue // or a line that ARC does not read, of which unknown-option and removed-option speak
			}
			severity, effect := quotesEffect(s, b.Block, o, inner.Text)
			r.At(o.Value.Span, "quotes are part of the value of %s, want %s without them: %s", o.Name.Text, inner.Text, effect).
				As(severity).About(b.Name+" "+o.Name.Text).Fix(source.Edit{Span: o.Value.Span, New: inner.Text}).
				Claim(o.Line, o.Value.Span).Unserving(breaksTLS(b.Kind, o.Name.Text)).Stopping(stopsStart(effect) && !stagingOnly(b.Kind, effect))
		}
	},
}

// takesNames says whether the rule is one of [mapping], or one of an authgroup
// whose value no rule of lint/authz takes apart.
func takesNames(o *arcconf.Option) bool {
	return kindOf(o.Section) == "mapping" || slices.Contains(untaken, ruleName(o))
}

func quotesEffect(s *site.Site, b *arcconf.Block, o *arcconf.Option, inner string) (lint.Severity, string) {
	if severity, effect, ok := spoiled(s, b.Kind, o, inner); ok {
		return severity, effect
	}
	if authgroup.OfList(o.Name.Text) {
		effect := "no authgroup has a name with quotes, so the line matches nobody"
		if b.Kind == "arex/ws/jobs" && !s.Release.JobsListEnforced {
			return lint.Warning, effect + ", which ARC 6 does not enforce here"
		}
		return lint.Error, effect
	}
	if kindOf(o.Section) == "mapping" {
		return lint.Error, "the first word is the name of an authgroup to ARC, and none has a name with a quotation mark, so the line maps nobody"
	}
	if isRuleLine(o) {
		return lint.Error, "nothing has a name with quotes, so that " + lint.NeverMatches(inverts(o))
	}
	return lint.Warning, "ARC does not remove them"
}
