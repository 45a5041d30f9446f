package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

// many are findings of a rule in lines from 1 on, of which one is an error.
func many(rule string, n, grave int) []lint.Finding {
	file := source.New(confPath, []byte(strings.Repeat("x\n", n)))
	var list []lint.Finding
	for i := range n {
		f := lint.Finding{Rule: rule, Severity: lint.Note, Path: confPath, Span: file.Line(i + 1), Headline: fmt.Sprint(i)}
		if i == grave {
			f.Severity = lint.Error
		}
		list = append(list, f)
	}
	return list
}

// TestListed: a report lists a bounded number of a rule, and an error is not lost
// behind a thousand notes, nor another rule.
func TestListed(t *testing.T) {
	all := append(many("conf/a", 1000, -1), many("conf/b", 1500, 1400)...)
	list := lint.Listed(all)
	if len(list) != 2001 {
		t.Fatalf("%d findings are listed, want 1000, 1000 and one for the others", len(list))
	}
	for i, f := range list[:1000] {
		if f.Rule != "conf/a" || f.Headline != fmt.Sprint(i) {
			t.Fatalf("finding %d is %v", i, f)
		}
	}
	more, last := list[1999], list[2000]
	if more.Severity != lint.Note || more.Span != all[1999].Span || more.Headline != "left out of this list: 500 more findings of this rule, from here on" {
		t.Errorf("what stands for the others is %+v", more)
	}
	if last.Severity != lint.Error || last.Headline != "1400" {
		t.Errorf("the error is %+v", last)
	}
	if got := lint.Listed(many("conf/b", 1001, -1)); len(got) != 1001 || !strings.Contains(got[1000].Headline, " 1 more finding of") {
		t.Errorf("of 1001 findings %d are listed, the last %q", len(got), got[len(got)-1].Headline)
	}
}

// TestListedGravest: where more is left out than notes, what stands for it is as
// grave as the gravest.
func TestListedGravest(t *testing.T) {
	all := many("conf/a", 1500, -1)
	for i := range all {
		if i%2 == 0 || i > 900 {
			all[i].Severity = lint.Error
		}
	}
	list := lint.Listed(all)
	if len(list) != 1001 || list[1].Severity != lint.Error || list[0].Headline != "0" || list[1].Headline != "left out of this list: 500 more findings of this rule, from here on" {
		t.Errorf("%d are listed, the second %+v", len(list), list[1])
	}
}

// TestListedOthers bounds skips, suppressed findings, and places beside a finding.
func TestListedOthers(t *testing.T) {
	var skips []lint.Skip
	for i := range 1100 {
		skips = append(skips, lint.Skip{Rule: "conf/a", Reason: fmt.Sprint(i)})
	}
	skips = append(skips, lint.Skip{Rule: "conf/b", Reason: "why"})
	if got := lint.ListedSkips(skips); len(got) != 1002 || got[1000].Rule != "conf/b" || got[1001] != (lint.Skip{Rule: "conf/a", Reason: "left out of this list: 100 more reasons"}) {
		t.Errorf("%d skips are listed, the last %+v", len(got), got[len(got)-1])
	}
	var hidden []lint.Suppressed
	for _, f := range many("conf/a", 1100, -1) {
		hidden = append(hidden, lint.Suppressed{Finding: f, Reason: "why"})
	}
	if got := lint.ListedSuppressed(hidden); len(got) != 1001 || !strings.Contains(got[1000].Headline, "100 more findings") {
		t.Errorf("%d suppressed findings are listed, the last %+v", len(got), got[len(got)-1])
	}
	f := many("conf/a", 1, -1)[0]
	for i := range 30 {
		f.RelatePath(confPath, "%d", i)
	}
	if got := lint.Listed([]lint.Finding{f})[0].Related; len(got) != 21 || got[20].Message != "left out of this list: 10 more places, from here on" || len(f.Related) != 30 || f.Related[20].Message != "20" {
		t.Errorf("%d places are listed, the last %+v", len(got), got[len(got)-1])
	}
}

// TestBrief: a message quotes the site, which may have any length.
func TestBrief(t *testing.T) {
	long := strings.Repeat("é", 1<<20)
	rule := &lint.Rule{ID: "conf/a", Severity: lint.Note, Recipe: lint.Manual, Check: func(_ *site.Site, r *lint.Reporter) {
		r.Path(confPath, "a%s", long).RelatePath(confPath, "%s", long)
		r.Skip("%s", long)
		r.Path(confPath, "%s", long[:2000])
	}}
	r := lint.Check(siteOf(t, ""), rule)
	cut := strings.Repeat("é", 1000)
	for _, c := range []struct{ got, want string }{
		{r.Findings()[0].Headline, "a" + cut[:1998] + "... (2095154 more bytes)"},
		{r.Findings()[0].Related[0].Message, cut + "... (2095152 more bytes)"},
		{r.Skips()[0].Reason, cut + "... (2095152 more bytes)"},
		{r.Findings()[1].Headline, cut},
	} {
		if c.got != c.want {
			t.Errorf("%d bytes that end in %q, want %d bytes", len(c.got), c.got[max(len(c.got)-30, 0):], len(c.want))
		}
	}
}
