package lint_test

import (
	"strings"
	"testing"

	"arclint/internal/site"
	"arclint/lint"
)

// TestConsequences: what rests on a value that a finding claims is left out, the
// cause is as grave as it was, and what only ARC can work out is skipped.
func TestConsequences(t *testing.T) {
	cause := func(unknown bool) *lint.Rule {
		return &lint.Rule{ID: "conf/cause", Severity: lint.Note, Recipe: lint.Manual, Check: func(s *site.Site, r *lint.Reporter) {
			for _, o := range s.Conf.Sections[0].Options {
				if strings.HasPrefix(o.Value.Text, `"`) {
					f := r.At(o.Value.Span, "quotes")
					if unknown {
						f.ClaimUnknown(o.Line, o.Value.Span)
					} else {
						f.Claim(o.Line, o.Value.Span)
					}
				}
			}
		}}
	}
	consequence := func(rests bool) *lint.Rule {
		return &lint.Rule{ID: "host/gone", Severity: lint.Error, Recipe: lint.Manual, Rests: rests, Check: func(s *site.Site, r *lint.Reporter) {
			for _, o := range s.Conf.Sections[0].Options {
				r.Path(o.Value.Text, "%s does not exist", o.Name.Text)
				r.Path(o.Value.Text+"/sub", "%s does not exist", o.Name.Text)
			}
			r.Path(confPath, "elsewhere").RestOn(s.Conf.Sections[0].Options[0].Line)
		}}
	}
	s := siteOf(t, "[a]\nx=\"/quoted\"\ny=/plain\n")
	res := lint.Run(s, []*lint.Rule{cause(false), consequence(true)})
	if n := len(res.Findings); n != 3 {
		t.Errorf("%d findings, want the cause and two of /plain: %v", n, lines(res.Findings))
	}
	for _, f := range res.Findings {
		if f.Rule == "conf/cause" && f.Severity != lint.Error {
			t.Errorf("the cause is a %s, and its consequence was an error", f.Severity)
		}
	}
	res = lint.Run(s, []*lint.Rule{cause(true), consequence(true)})
	if len(res.Findings) != 3 || len(res.Skips) == 0 {
		t.Errorf("%v, skipped %v, want the consequences skipped", lines(res.Findings), res.Skips)
	}
	if n := len(lint.Run(s, []*lint.Rule{cause(false), consequence(false)}).Findings); n != 6 {
		t.Errorf("%d findings, want all 6 of a rule that does not rest on values", n)
	}
	ignored := siteOf(t, "[a]\n# arclint:ignore conf/cause meant so\nx=\"/quoted\"\ny=/plain\n")
	if n := len(lint.Run(ignored, []*lint.Rule{cause(false), consequence(true)}).Findings); n != 5 {
		t.Errorf("%d findings, want the 5 of the consequence where the cause is hidden", n)
	}
}
