package rulebook

import (
	"io"
	"strings"
	"testing"

	"arclint/fixtures/golden"
	"arclint/internal/site"
	"arclint/lint"
)

func isNew(r site.Release) bool   { return r.ConfD }
func isOld(r site.Release) bool   { return !r.ConfD }
func isShort(r site.Release) bool { return r.PatternsOnNames }

func TestRules(t *testing.T) {
	rules := []*lint.Rule{
		{
			ID: "conf/example", Impact: lint.Intrusion, Risk: lint.Low, Title: "An example stands there", Why: strings.Repeat("Every word of this is needed. ", 6),
			Source: "arc.conf.reference", Severity: lint.Warning, Recipe: "edit-arc-conf", Facts: []string{"C1"},
		},
		{ID: "host/new", Impact: lint.Outage, Title: "It is new", Why: "Because.", Source: "RFC 5280", Severity: lint.Error, Recipe: lint.Manual, Where: isNew, ByHand: "Write it:\n\n    [common]\n    hostname=ce.example.org\n\n" + lint.ThenRestart},
		{ID: "host/old", Impact: lint.Hygiene, Title: "It is old", Why: "Because.", Source: "RFC 5280", Severity: lint.Note, Recipe: lint.Manual, Where: isOld},
		{ID: "host/short", Impact: lint.Hygiene, Title: "It is short", Why: "Because.", Source: "RFC 5280", Severity: lint.Note, Recipe: lint.Manual, Where: isShort},
	}
	golden.CheckWriter(t, "testdata/rules.md", func(w io.Writer) error { return Markdown(w, rules) })
	golden.CheckWriter(t, "testdata/rules.txt", func(w io.Writer) error { return Text(w, rules) })
	golden.CheckWriter(t, "testdata/rules.json", func(w io.Writer) error { return JSON(w, rules) })
	golden.CheckWriter(t, "testdata/explain.txt", func(w io.Writer) error { return Rule(w, rules[0]) })
	golden.CheckWriter(t, "testdata/explain-by-hand.txt", func(w io.Writer) error { return Rule(w, rules[1]) })
}
