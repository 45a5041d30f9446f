// Package manpage writes the manual page of a program with commands, in the man
// macros (man(7)). It knows no flags library.
package manpage

import (
	"fmt"
	"io"
	"strings"
)

// Page is a manual page of section 1.
type Page struct {
	Name        string // of the program
	Version     string
	Summary     string // one line, without a period
	Description string // prose; lines that are indented stand as they are
	Commands    []Command
	Sections    []Section // below the commands
}

// Command is one of the program's commands.
type Command struct {
	Synopsis    string // such as "arclint check [flags] [FILE]"
	Summary     string
	Description string
	Flags       []Flag
}

// Flag is one flag of a command.
type Flag struct {
	Name  string // as typed: "--root DIR"
	Usage string
}

// Section is a part with a heading of its own.
type Section struct{ Title, Text string }

// Write writes the page; the error is that of w.
func Write(w io.Writer, p Page) error {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 \"\" %s\n", strings.ToUpper(p.Name), quoted(p.Name+" "+p.Version))
	section(&b, "NAME", p.Name+" - "+p.Summary)
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n.I command\n[flags] [arguments]\n", escaped(p.Name))
	section(&b, "DESCRIPTION", p.Description)
	b.WriteString(".SH COMMANDS\n")
	for _, c := range p.Commands {
		fmt.Fprintf(&b, ".SS %s\n%s.\n.PP\n", quoted(c.Synopsis), escaped(capital(c.Summary)))
		prose(&b, c.Description)
		for _, f := range c.Flags {
			fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", escaped(f.Name), escaped(f.Usage))
		}
	}
	for _, s := range p.Sections {
		section(&b, s.Title, s.Text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func section(b *strings.Builder, title, text string) {
	fmt.Fprintf(b, ".SH %s\n", quoted(title))
	prose(b, text)
}

// prose writes paragraphs, and lines that are indented as they are.
func prose(b *strings.Builder, text string) {
	asIs := false
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		switch indented := strings.HasPrefix(line, "  "); {
		case line == "":
			continue
		case indented && !asIs:
			b.WriteString(".PP\n.nf\n")
		case !indented && asIs:
			b.WriteString(".fi\n.PP\n")
		case !indented && i > 0 && lines[i-1] == "":
			b.WriteString(".PP\n")
		}
		asIs = strings.HasPrefix(line, "  ")
		b.WriteString(escaped(line) + "\n")
	}
	if asIs {
		b.WriteString(".fi\n")
	}
}

// escaped keeps troff from reading a text as requests: backslashes, hyphens, which are
// to be copied as they are, and a period or an apostrophe at the begin of a line.
func escaped(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "`", `\(ga`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}

func quoted(text string) string { return `"` + strings.ReplaceAll(escaped(text), `"`, `\(dq`) + `"` }

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
