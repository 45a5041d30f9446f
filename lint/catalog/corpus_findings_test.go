package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"arclint/fixtures"
	"arclint/fixtures/golden"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
)

// TestCorpus: what arclint check finds in each file of the corpus, as the release for
// which it was written, is in testdata/corpus.txt: errors and warnings, a line each.
// No two of them are about one line.
func TestCorpus(t *testing.T) {
	var b strings.Builder
	all := corpus(t)
	if len(all) < 40 {
		t.Errorf("the corpus has %d files, want 40", len(all))
	}
	for _, c := range all {
		s := asWritten(t, c)
		fmt.Fprintf(&b, "%s: %s\n", c.Name, c.Title)
		findings := grave(lint.Run(s, catalog.All()))
		for _, f := range findings {
			fmt.Fprintf(&b, "  %s\n", short(f))
		}
		twice(t, c.Name, findings)
	}
	golden.Check(t, "testdata/corpus.txt", b.String())
}

// asWritten is a site of the corpus under its own release, before any upgrade.
func asWritten(t *testing.T, c *fixtures.CorpusSite) *site.Site {
	t.Helper()
	st := storyOfCorpus(c)
	st.options.Target = ""
	return st.load(t)
}

// grave are the errors and warnings.
func grave(res lint.Result) (found []lint.Finding) {
	for _, f := range res.Findings {
		if f.Severity != lint.Note {
			found = append(found, f)
		}
	}
	return found
}

// short is a finding in a line without its reasons.
func short(f lint.Finding) string {
	place := f.Path
	if !f.Span.IsZero() {
		place = fmt.Sprintf("%s:%d %q", f.Path, f.Span.Begin().Line, f.Span.Text())
	}
	return fmt.Sprintf("%-7s %s %s", f.Severity, f.Rule, place)
}

// twice complains about two findings on one line of arc.conf: one cause is told
// once, and no line of the corpus has two.
func twice(t *testing.T, name string, findings []lint.Finding) {
	t.Helper()
	for i, f := range findings {
		for _, g := range findings[:i] {
			if !f.Span.IsZero() && f.Span.File == g.Span.File && f.Span.Begin().Line == g.Span.Begin().Line {
				t.Errorf("%s: two findings on one line:\n  %s\n  %s", name, short(g), short(f))
			}
		}
	}
}
