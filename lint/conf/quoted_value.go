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
	Title: "Quotes around a value become part of it",
	Why: "ARC does not remove quotes around a value: a quoted path is a path that begins with a quotation mark. ARC 6.17 does not start where it needs the path. " +
		"ARC 7 starts, and its validator calls it an error. With a quoted x509_cert_dir, ARC 7 refuses every client certificate.",
	Source:   "arc-behaviour C4, B1",
	Impact:   lint.Outage,
	Facts:    []string{"C4"},
	Severity: lint.Warning,
	Action:   "Remove the quotes.",
	Recipe:   "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			inner, ok := o.Enclosed()
			if !ok || isRuleLine(o) && !takesNames(o) || isCertPolicy(b.Block, o) || !isRuleLine(o) && b.ref.Option(o.Name.Text) == nil {
				continue // or a line that ARC does not read, of which unknown-option and removed-option speak
			}
			f := r.At(o.Value.Span, "quotes are part of the value of %s", o.Name.Text).
				About(b.Name+" "+o.Name.Text).Fix(source.Edit{Span: o.Value.Span, New: inner.Text}).
				Claim(o.Line, o.Value.Span).Unserving(breaksTLS(b.Kind, o.Name.Text))
			quotesEffect(s, b.Block, o, inner.Text).on(f)
		}
	},
}

// takesNames says whether the rule is one of [mapping], or one of an authgroup
// whose value no rule of lint/authz takes apart.
func takesNames(o *arcconf.Option) bool {
	return kindOf(o.Section) == "mapping" || slices.Contains(untaken, ruleName(o))
}

func quotesEffect(s *site.Site, b *arcconf.Block, o *arcconf.Option, inner string) outcome {
	if spoiled, ok := spoils(s, b.Kind, o, inner); ok {
		return spoiled
	}
	switch {
	case authgroup.OfList(o.Name.Text):
		const nobody = "No authgroup has a name with quotes, so the line matches nobody."
		if b.Kind == "arex/ws/jobs" && !s.Release.JobsListEnforced {
			return outcome{lint.Warning, nobody + " ARC 6 does not apply this list.", false}
		}
		return outcome{lint.Error, nobody, false}
	case kindOf(o.Section) == "mapping":
		return outcome{lint.Error, "The first word names an authgroup, and none has a name with a quotation mark. The line maps nobody.", false}
	case isRuleLine(o):
		return outcome{lint.Error, "Nothing has a name with quotes. " + sentence(lint.NeverMatches(inverts(o))), false}
	}
	return outcome{lint.Warning, "ARC uses the value with its quotes.", false}
}
