package lint

import (
	"slices"
	"strings"
	"sync"

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
	Impact:   Hygiene,
	Severity: Warning,
	Effect:   "arclint ignores the directive.",
	Recipe:   "edit-arc-conf",
	ByHand: `Write the ID of a rule and a reason that the next reader can judge, or remove
the line:

    # arclint:ignore ID REASON

Find the ID:

    arclint rules
    arclint check`,
	Check: func(*site.Site, *Reporter) {},
}

const directivePrefix = "# arclint:ignore"

// directive is one comment line "# arclint:ignore ID reason" at column 1. It
// speaks for the lines down to the next option; before a header, for its whole
// section; above the first header of arc.conf with an empty line between, for
// the whole site.
type directive struct {
	rule   string
	reason string
	line   source.Span
	scope  source.Span // zero: the whole site
}

// Suppressed is a finding that a directive of the site hides.
type Suppressed struct {
	Finding
	Reason    string      // as the directive gives it
	Directive source.Span // the line of the directive
}

// suppress parts the findings into those that stay and those that the site's own
// directives hide. It adds what is to be said of the directives themselves.
func suppress(s *site.Site, rules []*Rule, findings []Finding) (kept []Finding, hidden []Suppressed) {
	if s.Conf == nil {
		return findings, nil
	}
	r := &Reporter{rule: Suppression}
	directives := readDirectives(s, rules, r)
	reaches := newReaches(directives, findings)
	for _, f := range findings {
		if d := reaches[f.Rule].silencer(f.Span); d != nil {
			hidden = append(hidden, Suppressed{Finding: f, Reason: d.reason, Directive: d.line})
		} else {
			kept = append(kept, f)
		}
	}
	for _, d := range directives {
		if !reaches[d.rule].meets(d) {
			r.At(d.line, "this directive suppresses no finding of %s", d.rule).
				Means("It would hide the next one, and nobody would see that.").
				Do("Remove the line.").About(d.rule).Fix(source.Edit{Span: d.line.Lines()})
		}
	}
	for _, f := range r.findings {
		kept = append(kept, *f)
	}
	return kept, hidden
}

func readDirectives(s *site.Site, rules []*Rule, r *Reporter) []*directive {
	var found []*directive
	lines := sync.OnceValue(func() *outline { return newOutline(s) })
	for _, c := range s.Conf.Comments {
		text, ok := strings.CutPrefix(c.Text, directivePrefix)
		if !ok || text != "" && !strings.ContainsAny(text[:1], " \t") {
			continue
		}
		words := strings.Fields(text)
		switch {
		case len(words) == 0:
			r.At(c.Span, "this directive names no rule").Do("Write `# arclint:ignore ID reason`, or remove the line.")
		case !known(rules, words[0]):
			reportUnknown(r, c.Span, rules, words[0])
		case len(words) == 1:
			r.At(c.Span, "this directive gives no reason").About("reason "+words[0]).
				Means("arclint ignores the directive: the next reader could not judge it.").
				Do("Write `# arclint:ignore %s reason`.", words[0])
		case asleep(s, rules, words[0]):
		default:
			found = append(found, &directive{rule: words[0], reason: strings.Join(words[1:], " "), line: c.Span, scope: scopeOf(s, lines(), c.Span)})
		}
	}
	return found
}

func reportUnknown(r *Reporter, at source.Span, rules []*Rule, id string) {
	f := r.At(at, "%q is not a rule of arclint", id).About(id).
		Do("Name a rule that `arclint rules` lists, or remove the line.")
	f.DidYouMean(id, ruleIDs(rules))
}

// scopeOf is what a directive at that place speaks for.
func scopeOf(s *site.Site, lines *outline, at source.Span) source.Span {
	scope := source.Span{File: at.File, Start: at.End, End: len(at.File.Data) + 1}
	header, option := lines.below(at)
	switch {
	case !option.IsZero() && (header.IsZero() || option.Start < header.Start):
		scope.End = option.End + 1 // a finding may stand behind the last byte
	case header.IsZero():
	case lines.forAll(s, at, header):
		return source.Span{}
	default:
		if after, _ := lines.below(header); !after.IsZero() {
			scope.End = after.Start
		}
	}
	return scope
}

func known(rules []*Rule, id string) bool {
	for _, r := range rules {
		if r.ID == id {
			return true
		}
	}
	return false
}

// asleep says whether the rule waits for --target: what a directive is for
// cannot be seen without one.
func asleep(s *site.Site, rules []*Rule, id string) bool {
	return s.Target == nil && slices.ContainsFunc(rules, func(r *Rule) bool { return r.ID == id && r.Upgrade })
}

func ruleIDs(rules []*Rule) []string {
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = r.ID
	}
	return ids
}
