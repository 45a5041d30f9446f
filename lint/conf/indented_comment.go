package conf

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var indentedComment = &lint.Rule{
	ID:    "conf/indented-comment",
	Title: "A comment does not start with # in column 1",
	Why: "To ARC only a line with # in column 1 is a comment. ARC 6.17 does not start on an indented or a `;` comment. " +
		"ARC 7 drops the line, or takes `  # a = b` for an option named `#`, which its validator reports and its services skip; " +
		"but `;a=b` is an option named `;a` to its services too, and a rule that they do not know spoils the rules below it.",
	Source:   "arc-behaviour C1, A7, B8",
	Facts:    []string{"C1"},
	Severity: lint.Error,
	Recipe:   "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, p := range s.Conf.Problems {
			if p.Kind == arcconf.IndentedComment || p.Kind == arcconf.SemicolonComment {
				reportComment(s, r, p.Span)
			}
		}
		for _, sec := range s.Conf.Sections {
			for _, o := range sec.Options {
				if o.Commented() {
					reportCommented(s, r, o)
				}
			}
		}
	},
}

// reportComment: ARC 7 drops the line, which is what was meant.
func reportComment(s *site.Site, r *lint.Reporter, line source.Span) *lint.Finding {
	text := line.Text()
	lead := arcconf.Indent(text)
	f := r.At(line, "comment does not start with # in column 1, want it there: %s", fate(s, "ARC 7 drops the line all the same")).
		About(text).Stopping(s.Release.StrictStart)
	if !s.Release.StrictStart {
		f.As(lint.Note)
	}
	mark := source.Span{File: line.File, Start: line.Start, End: line.Start + lead}
	if strings.HasPrefix(text[lead:], ";") {
		mark.End++
		return f.Fix(source.Edit{Span: mark, New: "#"})
	}
	return f.Fix(source.Edit{Span: mark})
}

// reportCommented: the services of ARC 7 skip an option named #..., and not one
// named ;...
func reportCommented(s *site.Site, r *lint.Reporter, o *arcconf.Option) {
	f := reportComment(s, r, o.Line)
	if !s.Release.StrictStart && isRuleLine(o) && !o.Ignored() {
		f.As(lint.Error).Headline = "a line that begins with ; is no comment to ARC, want #: it is a rule that ARC does not know, and the rules below it fail with it"
	}
}
