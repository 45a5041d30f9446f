// Package report writes what was found: for people, and as the JSON of the
// machine contract. It decides nothing and sorts nothing.
package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"

	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
	"arclint/recipes"
)

// Text writes findings for people: "path:line:col: severity: message [rule]",
// the line with a caret below it, related places, and a summary. Colour is
// used where Colour says so.
type Text struct {
	W      io.Writer
	Colour bool

	Suppressed bool // show what directives of the site hide
	Quiet      bool // list findings, and nothing else
	Width      int  // columns of the terminal; 0: 80

	keyed map[*source.File]bool // whether a file holds a private key; filled as files come up
}

// Check writes the result of a check, with the lists bounded (lint.Listed). It gives
// the first error of the writer.
func (t Text) Check(s *site.Site, offered recipes.Offered) error {
	var b strings.Builder
	t.keyed = map[*source.File]bool{}
	res := offered.Result
	for _, f := range lint.Listed(res.Findings) {
		t.finding(&b, f, offered.Commands(f))
	}
	if t.Suppressed {
		for _, h := range lint.ListedSuppressed(res.Suppressed) {
			t.suppressed(&b, h)
		}
	}
	if !t.Quiet {
		t.rest(&b, s, res)
	}
	_, err := io.WriteString(t.W, b.String())
	return err
}

// rest is what was not looked at, and the summary.
func (t Text) rest(b *strings.Builder, s *site.Site, res lint.Result) {
	for _, sk := range lint.ListedSkips(res.Skips) {
		fmt.Fprintf(b, "%s: not checked: %s [%s]\n", prose.Safe(s.Root), prose.Safe(sk.Reason), sk.Rule)
	}
	for _, p := range listedProblems(s) {
		fmt.Fprintf(b, "%s: not read: %s\n", prose.Safe(p.Path), prose.Safe(p.Reason))
	}
	for _, guess := range s.Guesses() {
		fmt.Fprintf(b, "%s: guessed: %s\n", prose.Safe(s.Root), prose.Safe(guess))
	}
	b.WriteString(t.summary(s, res))
}

// Oneline writes a line a finding, and nothing else: for editors, which jump to the
// place, and for grep.
func (t Text) Oneline(res lint.Result) error {
	var b strings.Builder
	for _, f := range lint.Listed(res.Findings) {
		t.headline(&b, f)
	}
	_, err := io.WriteString(t.W, b.String())
	return err
}

// maxCommand is the longest command that is offered, in bytes: nobody can copy one
// with an issuer of a megabyte in it.
const maxCommand = 4096

// maxProblems bounds the list of what was not read: an archive may hold any number
// of names.
const maxProblems = 1000

func listedProblems(s *site.Site) []site.Problem {
	n := len(s.Problems) - maxProblems
	if n <= 0 {
		return s.Problems
	}
	return append(slices.Clone(s.Problems[:maxProblems]), site.Problem{Path: s.Problems[maxProblems].Path, Reason: "left out of this list: " + prose.Plural(n, "more path") + ", from this on"})
}

func (t Text) finding(b *strings.Builder, f lint.Finding, commands []string) {
	t.headline(b, f)
	t.snippet(b, f.Span, severityColour(f.Severity))
	t.explain(b, f)
	for _, rel := range f.Related {
		fmt.Fprintf(b, "    %s: %s\n", place(rel.Path, rel.Span), prose.Safe(rel.Message))
	}
	for i, command := range commands {
		if len(command) > maxCommand {
			continue
		}
		label := "fix:"
		if i > 0 {
			label = " or:"
		}
		fmt.Fprintf(b, "    %s %s\n", t.paint(color.FgGreen, label), prose.Safe(command))
	}
	b.WriteByte('\n')
}

// explain writes what happens because of a finding, and then what to do.
func (t Text) explain(b *strings.Builder, f lint.Finding) {
	for _, text := range []string{f.Effect, f.Action} {
		if text != "" {
			paragraph(b, text, t.width())
		}
	}
	shown := f.List[:min(len(f.List), maxItems)]
	for _, item := range shown {
		fmt.Fprintf(b, "      - %s\n", prose.Safe(item))
	}
	if n := len(f.List) - len(shown); n > 0 {
		fmt.Fprintf(b, "      and %d more (--format json has all)\n", n)
	}
}

// maxItems is the longest list that is shown below a finding.
const maxItems = 5

// paragraph writes text in lines of that width, indented as what belongs to a finding.
func paragraph(b *strings.Builder, text string, width int) {
	for _, line := range prose.Wrap(prose.Safe(text), width-len(indent)) {
		b.WriteString(indent + line + "\n")
	}
}

const indent = "    " // before what belongs to a finding

// width is that of the lines of a text, in columns.
func (t Text) width() int {
	if t.Width > 0 {
		return t.Width
	}
	return defaultWidth
}

const defaultWidth = 80 // columns, where no terminal has another

func (t Text) headline(b *strings.Builder, f lint.Finding) {
	fmt.Fprintf(b, "%s: %s: %s %s\n", t.paint(color.Bold, place(f.Path, f.Span)), t.paint(severityColour(f.Severity), string(f.Severity)),
		prose.Safe(f.Headline), t.paint(color.Faint, "["+f.Rule+"]"))
}

// suppressed writes a finding that a directive hides, with its reason.
func (t Text) suppressed(b *strings.Builder, h lint.Suppressed) {
	fmt.Fprintf(b, "%s: suppressed %s: %s %s\n", t.paint(color.Bold, place(h.Path, h.Span)), h.Severity, prose.Safe(h.Headline), t.paint(color.Faint, "["+h.Rule+"]"))
	fmt.Fprintf(b, "    %s: %s\n\n", place(h.Directive.Path(), h.Directive), prose.Safe(h.Reason))
}

func place(path string, at source.Span) string {
	if at.IsZero() {
		return prose.Safe(path)
	}
	p := at.Begin()
	return fmt.Sprintf("%s:%d:%d", prose.Safe(path), p.Line, p.Column)
}

// snippet writes the first line of the span and a caret line below it. Tabs are
// kept before the carets and wide runes count twice, or the carets would drift.
func (t Text) snippet(b *strings.Builder, at source.Span, c color.Attribute) {
	if at.IsZero() {
		return
	}
	n := at.Begin().Line
	whole := at.File.Line(n)
	if whole.End-whole.Start > maxSnippet || strings.TrimSpace(whole.Text()) == "" || t.holdsKey(at.File) {
		return
	}
	text := func(from, to int) string {
		return prose.Safe(source.Span{File: at.File, Start: from, End: to}.Text())
	}
	start := min(at.Start, whole.End) // a span may begin at the line end
	end := max(start, min(at.End, whole.End))
	before, marked := text(whole.Start, start), text(start, end)
	column := width(before, 0)
	carets := "^" + strings.Repeat("~", max(width(marked, column)-column-1, 0))
	fmt.Fprintf(b, "%s%s\n", t.paint(color.Faint, fmt.Sprintf("%5d | ", n)), prose.Safe(whole.Text()))
	fmt.Fprintf(b, "%s%s%s\n", t.paint(color.Faint, "      | "), blanks(before), t.paint(c, carets))
}

// holdsKey looks through a file once: a large arc.conf has a finding a line.
func (t Text) holdsKey(f *source.File) bool {
	holds, known := t.keyed[f]
	if !known {
		holds = bytes.Contains(f.Data, []byte(keyMark))
	}
	if !known && t.keyed != nil {
		t.keyed[f] = holds
	}
	return holds
}

const (
	maxSnippet = 400                // bytes; a longer line helps nobody
	keyMark    = "PRIVATE KEY-----" // a file with a private key is not shown
	tabStop    = 8                  // of terminals; the gutter before a line is as wide
)

// width is the column at which the text ends on a terminal if it begins at the
// given one.
func width(text string, column int) int {
	for i, part := range strings.Split(text, "\t") {
		if i > 0 {
			column += tabStop - column%tabStop
		}
		column += runewidth.StringWidth(part)
	}
	return column
}

// blanks is as wide as the text, with its tabs.
func blanks(text string) string {
	parts := strings.Split(text, "\t")
	for i, part := range parts {
		parts[i] = strings.Repeat(" ", runewidth.StringWidth(part))
	}
	return strings.Join(parts, "\t")
}

func (t Text) summary(s *site.Site, res lint.Result) string {
	line := fmt.Sprintf("%s, %s, %s", prose.Plural(res.Count(lint.Error), "error"), prose.Plural(res.Count(lint.Warning), "warning"), prose.Plural(res.Count(lint.Note), "note"))
	if len(res.Findings) == 0 {
		line = "no findings"
	}
	line = t.paint(color.Bold, line)
	if n := len(res.Suppressed); n > 0 {
		line += fmt.Sprintf("; %s suppressed by the site", prose.Plural(n, "finding"))
		if !t.Suppressed {
			line += ", --show-suppressed shows them"
		}
	}
	if res.Unlisted > 0 {
		line += fmt.Sprintf("; %s of less severity not listed", prose.Plural(res.Unlisted, "finding"))
	}
	if n := len(res.Skips); n > 0 {
		line += fmt.Sprintf("; %s not made", prose.Plural(n, "check"))
	}
	judged := fmt.Sprintf("judged as ARC %s, %s", s.Release.Measured, prose.Safe(s.Release.Explain()))
	if s.Target != nil {
		judged += "; before an upgrade to ARC " + s.Target.Release.Version
	}
	return line + " (" + judged + ")\n"
}

func severityColour(s lint.Severity) color.Attribute {
	switch s {
	case lint.Error:
		return color.FgRed
	case lint.Warning:
		return color.FgYellow
	}
	return color.FgCyan
}

func (t Text) paint(a color.Attribute, text string) string {
	if !t.Colour {
		return text
	}
	c := color.New(a)
	c.EnableColor()
	return c.Sprint(text)
}
