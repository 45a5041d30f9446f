package conf

import (
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var lineContinuation = &lint.Rule{
	ID:    "conf/line-continuation",
	Title: "A backslash at the end of a line does not continue it",
	Why: "ARC has no continuation lines: the backslash is part of the value, and the next line is an option of its own. " +
		"ARC 6.17 does not start on such a line. ARC 7 starts, and an access list that goes on below lets nobody in.",
	Source:   "arc-behaviour C1; group C, \"line continuation backslash\"",
	Impact:   lint.Outage,
	Facts:    []string{"C1"},
	Severity: lint.Error,
	Effect:   "The backslash is part of the value, and the next line is an option of its own.",
	Action:   "Write the whole value on one line, or the option again for each value.",
	Recipe:   lint.Manual,
	ByHand: `Write the whole value on one line, or the option again for each value. Remove
the backslash.

    [arex/ws/jobs]
    allowaccess=dune
    allowaccess=production

Look who gets in:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		for b, o := range options(s) {
			if !strings.HasSuffix(o.Value.Text, `\`) || strings.HasSuffix(o.Value.Text, `\\`) {
				continue
			}
			end := o.Value.Sub(len(o.Value.Text)-1, len(o.Value.Text))
			f := r.At(end.Span, "a backslash does not continue the value of %s", o.Name.Text).
				About(b.Name + " " + o.Name.Text + " " + o.Value.Text)
			next := o.Line.File.Line(o.Line.Begin().Line + 1)
			if strings.Contains(next.Text(), "=") || strings.TrimSpace(next.Text()) == "" {
				f.As(lint.Warning) // nothing was meant to follow
			}
		}
	},
}
