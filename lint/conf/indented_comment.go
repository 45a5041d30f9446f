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
		"ARC 7 drops the line, or reads `  # a = b` as an option named `#`, which its validator reports and its services skip. " +
		"But `;a=b` is an option named `;a` to its services too. In a group, the rules below a rule that they do not know fail with it.",
	Source:   "arc-behaviour C1, A7, B8",
	Impact:   lint.Outage,
	Facts:    []string{"C1"},
	Severity: lint.Error,
	Action:   "Begin the line with #, in column 1.",
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
	f := r.At(line, "the comment does not start with # in column 1").About(text)
	orStops6(s, lint.Note, "ARC 7 drops the line all the same.").on(f)
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
		f.As(lint.Error).Headlined("a line that begins with ; is not a comment to ARC").
			Means("To ARC it is a rule that it does not know, and the rules below it fail with it.")
	}
}
