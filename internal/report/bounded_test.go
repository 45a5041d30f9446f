package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"arclint/internal/site"
	"arclint/lint"
	"arclint/recipes"
)

// TestBoundedReport: what is found and what is not read may be any number of things;
// the lists are bounded and the counts are of all.
func TestBoundedReport(t *testing.T) {
	s, res := exampleSite(), lint.Result{}
	s.Problems = nil
	for i := range 5000 {
		s.Problems = append(s.Problems, site.Problem{Path: fmt.Sprintf("/etc/%d", i), Reason: "why"})
		res.Findings = append(res.Findings, lint.Finding{Rule: "conf/a", Severity: lint.Note, Path: conf.Path, Span: span("hostname"), Headline: "here"})
		res.Skips = append(res.Skips, lint.Skip{Rule: "conf/b", Reason: "because"})
	}
	var asJSON, asText strings.Builder
	if err := CheckJSON(&asJSON, Program{}, s, res); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Findings []struct{ Message string }
		Skipped  []struct{ Rule, Reason string }
		Summary  struct{ Note int }
	}
	if err := json.Unmarshal([]byte(asJSON.String()), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Findings) != 1001 || len(got.Skipped) != 2002 || got.Summary.Note != 5000 {
		t.Errorf("JSON has %d findings, %d skips, and counts %d notes", len(got.Findings), len(got.Skipped), got.Summary.Note)
	}
	if last := got.Skipped[2001].Reason; last != "/etc/1000: left out of this list: 4000 more paths, from this on" {
		t.Errorf("the last path is %q", last)
	}
	if err := (Text{W: &asText}).Check(s, recipes.Offered{Result: res}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"4000 more findings of this rule", "4000 more reasons", "4000 more paths", "0 errors, 0 warnings, 5000 notes; 5000 checks not made"} {
		if strings.Count(asText.String(), want) != 1 {
			t.Errorf("the text does not say once %q", want)
		}
	}
	if n := strings.Count(asText.String(), "\n  - /"); n != 1001 {
		t.Errorf("the text names %d paths", n)
	}
}

// TestLongCommand: a command that nobody can copy is not offered.
func TestLongCommand(t *testing.T) {
	var b strings.Builder
	f := lint.Finding{Rule: "conf/a", Severity: lint.Note, Path: conf.Path, Headline: "here"}
	Text{}.finding(&b, &group{Finding: f, commands: []string{strings.Repeat("x", maxCommand+1), "arclint recipe a"}})
	if text := b.String(); strings.Contains(text, "xx") || !strings.Contains(text, "arclint recipe a") {
		t.Errorf("offered: %.200q", text)
	}
}
