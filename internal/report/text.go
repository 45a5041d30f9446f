// Package report writes what was found: for people, and as the JSON of the
// machine contract. It decides nothing and sorts nothing.
package report

import (
	"io"
	"strings"

	"github.com/fatih/color"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
	"arclint/recipes"
)

// Text writes findings for people: "path:line:col: severity: headline [rule]", the
// line with a caret below it, effect, action, related places, and a summary, in lines
// of the width. Colour is used where Colour says so.
type Text struct {
	W      io.Writer
	Colour bool

	Suppressed bool   // show what directives of the site hide
	Quiet      bool   // list findings, and nothing else
	Verbose    bool   // show each finding whole, and lists without end
	Width      int    // columns of the terminal; 0: 80
	Data       string // by which of arclint's own data the site was judged, such as "token issuers of 2026-08"

	keyed map[*source.File]bool // whether a file holds a private key; filled as files come up
}

// Check writes the result of a check, with the lists bounded (lint.Listed). It gives
// the first error of the writer.
func (t Text) Check(s *site.Site, offered recipes.Offered) error {
	var b strings.Builder
	t.keyed = map[*source.File]bool{}
	res := offered.Result
	for _, g := range t.grouped(lint.Listed(res.Findings), offered.Commands) {
		t.finding(&b, g)
	}
	if t.Suppressed {
		for _, h := range lint.ListedSuppressed(res.Suppressed) {
			t.suppressed(&b, h)
		}
	}
	if !t.Quiet {
		t.closing(&b, s, res)
	}
	_, err := io.WriteString(t.W, b.String())
	return err
}

const maxLine = 1 << 30 // columns: never folded

// Oneline writes a line a finding, and nothing else: for editors, which jump to the
// place, and for grep.
func (t Text) Oneline(res lint.Result) error {
	var b strings.Builder
	t.Width = maxLine
	for _, f := range lint.Listed(res.Findings) {
		t.headline(&b, f)
	}
	_, err := io.WriteString(t.W, b.String())
	return err
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
