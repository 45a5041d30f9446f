package rulebook

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"arclint/internal/facts"
	"arclint/internal/prose"
	"arclint/internal/report"
	"arclint/lint"
)

const width = 96 // of a paragraph

// Rule writes all that is known of one rule, with the titles of the facts that it
// cites.
func Rule(w io.Writer, r *lint.Rule) error {
	var cited strings.Builder
	for _, id := range facts.Cited(r.Source) {
		if f, ok := facts.Find(id); ok {
			fmt.Fprintf(&cited, "  %s: %s\n", f.ID, f.Title)
		}
	}
	_, err := fmt.Fprintf(w, "%s (%s, %s%s)\n\n%s.\n\n%s\n\nSource: %s\n%sRepair: %s\n%s",
		r.ID, r.Severity, impact(r), releases(r), r.Title, prose.Fill(r.Why, width), r.Source, &cited, repair(r), byHand("\n", r, ":", "\n"))
	return err
}

// citing are the rules that cite the fact.
func citing(f facts.Fact, rules []*lint.Rule) []string {
	var ids []string
	for _, r := range rules {
		if slices.Contains(facts.Cited(r.Source), f.ID) || slices.Contains(r.Facts, f.ID) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

type factJSON struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Section string   `json:"section"`
	Text    string   `json:"text"` // Markdown
	Rules   []string `json:"rules"`
}

// FactJSON writes a measured fact as an object with a version.
func FactJSON(w io.Writer, f facts.Fact, rules []*lint.Rule) error {
	return report.JSON(w, struct {
		Version int      `json:"version"`
		Fact    factJSON `json:"fact"`
	}{1, factJSON{ID: f.ID, Title: f.Title, Section: f.Section, Text: f.Text, Rules: report.OrEmpty(citing(f, rules))}})
}

// FactMarkdown writes a measured fact as a page of its own.
func FactMarkdown(w io.Writer, f facts.Fact, rules []*lint.Rule) error {
	_, err := fmt.Fprintf(w, "# %s: %s\n\n%s\n\n- Section: %s\n- Rules: %s\n", f.ID, f.Title, f.Text, f.Section, strings.Join(citing(f, rules), ", "))
	return err
}

// Fact writes a measured fact, the rules that cite it, and how it was measured.
func Fact(w io.Writer, f facts.Fact, rules []*lint.Rule) error {
	standing := citing(f, rules)
	if standing == nil {
		standing = []string{"none"}
	}
	_, err := fmt.Fprintf(w, "%s: %s\n\n%s\n\n%s\n%s\n\nHow it was measured\n\n%s\n",
		f.ID, f.Title, plain(f.Text), prose.Fill("Section: "+f.Section, width),
		prose.Fill("Rules: "+strings.Join(standing, ", "), width), plain(facts.Method()))
	return err
}

// plain sets paragraphs of Markdown in lines, without the marks of what is bold.
func plain(markdown string) string {
	var set []string
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(markdown, "**", ""), "\n\n") {
		set = append(set, prose.Fill(paragraph, width))
	}
	return strings.Join(set, "\n\n")
}
