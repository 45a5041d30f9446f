package lint

import (
	"strings"

	"arclint/internal/arcref"
	"arclint/internal/site"
	"arclint/internal/source"
)

// Suppression reports directives that suppress nothing or are not well formed.
// Run finds them itself, since only Run knows what was suppressed.
var Suppression = &Rule{
	ID:    "conf/suppression",
	Title: "A suppression directive is malformed or suppresses nothing",
	Why: "A directive `# arclint:ignore ID reason` hides a finding from every later reader of the report. " +
		"Without a reason nobody can judge whether it still holds, and one that matches nothing hides the next fault of its kind unseen.",
	Source:   "docs/rules.md, Suppression",
	Severity: Warning,
	Recipe:   "edit-arc-conf",
	Check:    func(*site.Site, *Reporter) {},
}

const directivePrefix = "# arclint:ignore"

// directive is one comment line "# arclint:ignore ID reason" at column 1. It
// speaks for the next header or option line; before a header, for its whole
// section; above the first header of arc.conf, for the whole site.
type directive struct {
	rule  string
	line  source.Span
	scope source.Span // zero: the whole site
	used  bool
}

func suppress(s *site.Site, rules []*Rule, findings []Finding) []Finding {
	if s.Conf == nil {
		return findings
	}
	r := &Reporter{rule: Suppression}
	directives := readDirectives(s, rules, r)
	kept := findings[:0:0]
	for _, f := range findings {
		if !silenced(directives, f) {
			kept = append(kept, f)
		}
	}
	for _, d := range directives {
		if !d.used {
			r.At(d.line, "this directive suppresses nothing, want it removed: %s reports nothing in its reach", d.rule).
				About(d.rule).Fix(source.Edit{Span: d.line.Lines()})
		}
	}
	for _, f := range r.findings {
		kept = append(kept, *f)
	}
	return kept
}

func silenced(directives []*directive, f Finding) bool {
	hit := false
	for _, d := range directives {
		if d.rule == f.Rule && d.covers(f.Span) {
			d.used, hit = true, true
		}
	}
	return hit
}

func (d *directive) covers(at source.Span) bool {
	if d.scope.IsZero() {
		return true
	}
	return at.File == d.scope.File && at.Start >= d.scope.Start && at.Start <= d.scope.End
}

func readDirectives(s *site.Site, rules []*Rule, r *Reporter) []*directive {
	var found []*directive
	for _, c := range s.Conf.Comments {
		if !strings.HasPrefix(c.Text, directivePrefix) {
			continue
		}
		id, reason, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(c.Text, directivePrefix)), " ")
		switch {
		case id == "":
			r.At(c.Span, "directive names no rule, want `# arclint:ignore ID reason`")
		case !known(rules, id):
			f := r.At(c.Span, "directive names the unknown rule %q, want one that `arclint rules` lists", id).About(id)
			if near, ok := arcref.Suggest(id, ruleIDs(rules)); ok {
				f.Message += "; did you mean " + near + "?"
			}
		case strings.TrimSpace(reason) == "":
			r.At(c.Span, "directive gives no reason, want `# arclint:ignore %s reason`: the next reader must be able to judge it", id).About(id)
		default:
			found = append(found, &directive{rule: id, line: c.Span, scope: scopeOf(s, c.Span)})
		}
	}
	return found
}

// scopeOf is what a directive at that place speaks for: the next header with
// its options, or the next option.
func scopeOf(s *site.Site, at source.Span) source.Span {
	next := nextLine(s, at)
	if next == nil {
		return source.Span{File: at.File, Start: at.Start, End: at.Start}
	}
	if first := s.Conf.Sections[0]; next.header && at.File == s.Conf.Main && next.span.Start == first.Line.Start && !directlyAbove(at, next.span) {
		return source.Span{}
	}
	return next.scope
}

type line struct {
	span, scope source.Span
	header      bool
}

// nextLine is the first header or option line below the place, nil if there is
// none.
func nextLine(s *site.Site, at source.Span) *line {
	var next *line
	nearer := func(l line) {
		if l.span.File == at.File && l.span.Start > at.Start && (next == nil || l.span.Start < next.span.Start) {
			next = &l
		}
	}
	for _, sec := range s.Conf.Sections {
		whole := sec.Line
		for _, o := range sec.Options {
			nearer(line{span: o.Line, scope: o.Line})
			whole.End = o.Line.End
		}
		nearer(line{span: sec.Line, scope: whole, header: true})
	}
	return next
}

// directlyAbove says whether only comment lines stand between the two.
func directlyAbove(comment, line source.Span) bool {
	for n := comment.Begin().Line + 1; n < line.Begin().Line; n++ {
		if strings.TrimSpace(comment.File.Line(n).Text()) == "" {
			return false
		}
	}
	return true
}

func known(rules []*Rule, id string) bool {
	for _, r := range rules {
		if r.ID == id {
			return true
		}
	}
	return false
}

func ruleIDs(rules []*Rule) []string {
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = r.ID
	}
	return ids
}
