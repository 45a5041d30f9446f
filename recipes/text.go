package recipes

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"arclint/internal/prose"
)

// Text writes the plan as numbered steps for people, with the table of the
// strategies.
func Text(w io.Writer, p Plan) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\n\n", comment(p.Title))
	paragraph(&out, "", p.Why)
	if p.Strategy != "" {
		fmt.Fprintf(&out, "\nStrategy: %s\n", p.Strategy)
	}
	byHand(&out, "First by hand", p.Before)
	out.WriteString("\nSteps\n")
	for i, a := range p.Actions {
		paragraph(&out, fmt.Sprintf("%3d. ", i+1), describe(a))
		if edit, ok := a.(EditConf); ok && len(edit.Edits) > fewEdits {
			for _, part := range editsIn(edit) {
				paragraph(&out, "     - ", part)
			}
		}
	}
	if len(p.Verify) > 0 {
		out.WriteString("\nAfterwards\n")
		for _, c := range p.Verify {
			text, _, _ := shellCheck(c)
			paragraph(&out, "   - ", text)
		}
	}
	byHand(&out, "Then by hand", p.After)
	p.Table.write(&out)
	if len(p.Notes) > 0 {
		out.WriteString("\nNotes\n")
		for _, n := range p.Notes {
			paragraph(&out, "   - ", n)
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

func byHand(out *bytes.Buffer, title string, steps []string) {
	if len(steps) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", title)
	for i, step := range steps {
		paragraph(out, fmt.Sprintf("%3d. ", i+1), step)
	}
}

// write puts the questions below each strategy: the answers are sentences, too
// long for columns.
func (t Table) write(out *bytes.Buffer) {
	if len(t.Rows) == 0 {
		return
	}
	out.WriteString("\nThe strategies compared\n")
	for _, row := range t.Rows {
		name := row.Strategy
		if row.Chosen {
			name += " (this plan)"
		}
		fmt.Fprintf(out, "   %s\n", name)
		if row.same() {
			row.Cells = row.Cells[:1]
		}
		for i, c := range row.Cells {
			text := c.Text
			if len(row.Cells) > 1 {
				text = t.Columns[i] + " " + text
			}
			if len(c.Facts) > 0 {
				text += " (arc-behaviour " + strings.Join(c.Facts, ", ") + ")"
			}
			paragraph(out, "     - ", text)
		}
	}
}

// same says whether one answer answers every question ("not available").
func (r Row) same() bool {
	for _, c := range r.Cells {
		if c.Text != r.Cells[0].Text {
			return false
		}
	}
	return len(r.Cells) > 0
}

// paragraph writes text in lines of 80 columns behind a prefix.
func paragraph(out *bytes.Buffer, prefix, text string) {
	for _, line := range prose.Wrap(comment(text), 80-len(prefix)) {
		out.WriteString(strings.TrimRight(prefix+line, " ") + "\n")
		prefix = strings.Repeat(" ", len(prefix))
	}
}

// describe says in one sentence what the action does.
func describe(a Action) string {
	switch a := a.(type) {
	case WriteFile:
		return fmt.Sprintf("write %s (mode %s, owner %s)", a.Path, octal(a.Mode), a.Owner.say())
	case Link:
		return fmt.Sprintf("link %s to %s", a.Path, a.Target)
	case Remove:
		if a.Tree {
			return fmt.Sprintf("remove the directory %s with what is in it", a.Path)
		}
		return "remove " + a.Path
	case Chmod:
		return fmt.Sprintf("set the mode of %s to %s", a.Path, octal(a.Mode))
	case Chown:
		return fmt.Sprintf("set the owner of %s to %s", a.Path, a.Owner.say())
	case Mkdir:
		return fmt.Sprintf("make the directory %s (mode %s, owner %s)", a.Path, octal(a.Mode), a.Owner.say())
	case EditConf:
		if len(a.Edits) > fewEdits {
			return fmt.Sprintf("edit %s in %d places", a.Path, len(inOrder(a.Edits)))
		}
		return fmt.Sprintf("edit %s: %s", a.Path, strings.Join(editsIn(a), "; "))
	case Run:
		text := fmt.Sprintf("run %s: %s", strings.Join(a.Argv, " "), a.Why)
		if a.Expect != "" {
			text += ", expect: " + a.Expect
		}
		return text
	case RunTool:
		return fmt.Sprintf("run %s: %s, expect: %s", strings.Join(append([]string{a.Path}, a.Args...), " "), a.Why, a.Expect)
	case Assert:
		text, _, _ := shellCheck(a.Check)
		return "stop unless " + text
	case Enable:
		return fmt.Sprintf("enable and start the systemd unit %s", a.Unit)
	case FetchIssuer:
		return fmt.Sprintf("install %s and run it: it fetches metadata and keys of %s over HTTPS, checked with %s, and pins them in %s", a.Tool, a.Issuer, a.CAFile, a.dir())
	case InstallTimer:
		text := fmt.Sprintf("install and enable the systemd timer %s.timer, which runs %s every %s", a.Unit, a.Exec, a.Every)
		if a.Watch != "" {
			text += fmt.Sprintf(", and %s.path, which runs it when %s changes", a.Unit, a.Watch)
		}
		return text
	}
	return fmt.Sprintf("%T", a)
}

// fewEdits fit into a sentence; more are a list.
const fewEdits = 4

// editsIn says what each edit does, in the order of the file.
func editsIn(a EditConf) []string {
	var parts []string
	for _, e := range inOrder(a.Edits) {
		line := e.Span.Begin().Line
		was, is := strings.TrimSpace(e.Span.Text()), strings.TrimSpace(e.New)
		switch {
		case was == "":
			parts = append(parts, fmt.Sprintf("at line %d insert %q", line, is))
		case is == "":
			parts = append(parts, fmt.Sprintf("at line %d remove %q", line, was))
		default:
			parts = append(parts, fmt.Sprintf("at line %d change %q to %q", line, was, is))
		}
	}
	return parts
}
