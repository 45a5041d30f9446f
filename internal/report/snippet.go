package report

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"

	"arclint/internal/prose"
	"arclint/internal/source"
)

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
