package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fatih/color"

	"arclint/internal/prose"
	"arclint/internal/source"
	"arclint/lint"
)

const (
	indent       = "    " // before what belongs to a finding
	defaultWidth = 80     // columns, where no terminal has another
	maxItems     = 5      // of a list below a finding, and of further places
	maxCommand   = 4096   // bytes of a command that is offered: nobody can copy one with an issuer of a megabyte in it
)

// group is a finding with those that say the same of other places.
type group struct {
	lint.Finding
	commands []string
	others   []lint.Finding
}

// grouped joins findings of one rule that mean the same and ask for the same; a group
// is where its first finding is. Which findings mean the same, their effects and
// actions say: without an effect, and with --verbose, a finding is by itself.
func (t Text) grouped(findings []lint.Finding, commands func(lint.Finding) []string) []*group {
	var list []*group
	byMeaning := map[string]*group{}
	for _, f := range findings {
		offered := commands(f)
		key := strings.Join(append([]string{f.Rule, string(f.Severity), f.Effect, f.Action}, offered...), "\x00")
		if g := byMeaning[key]; g != nil && f.Effect != "" && !t.Verbose {
			g.others = append(g.others, f)
			continue
		}
		byMeaning[key] = &group{Finding: f, commands: offered}
		list = append(list, byMeaning[key])
	}
	return list
}

func (t Text) finding(b *strings.Builder, g *group) {
	t.headline(b, g.Finding)
	t.snippet(b, g.Span, severityColour(g.Severity))
	t.explain(b, g.Finding)
	for _, rel := range g.Related {
		t.fold(b, indent, append([]string{place(rel.Path, rel.Span) + ":"}, prose.Words(prose.Safe(rel.Message))...))
	}
	t.further(b, g)
	for i, command := range g.commands {
		if len(command) > maxCommand {
			continue
		}
		label := "fix:"
		if i > 0 {
			label = " or:"
		}
		fmt.Fprintf(b, "%s%s %s\n", indent, t.paint(color.FgGreen, label), prose.Safe(command))
	}
	b.WriteByte('\n')
}

// headline writes place, severity, headline and rule in lines of the width.
func (t Text) headline(b *strings.Builder, f lint.Finding) {
	at, severity, rule := place(f.Path, f.Span)+":", string(f.Severity)+":", "["+f.Rule+"]"
	words := append([]string{at, severity}, prose.Words(prose.Safe(f.Headline))...)
	text := strings.Join(prose.Fold(append(words, rule), t.width(), "  "), "\n")
	if t.Colour {
		text = t.paint(color.Bold, at) + t.severity(f.Severity, severity, strings.TrimPrefix(text, at))
		text = strings.TrimSuffix(text, rule) + t.paint(color.Faint, rule)
	}
	b.WriteString(text + "\n")
}

// severity paints the word of the severity, which is the next of the text.
func (t Text) severity(s lint.Severity, word, text string) string {
	before, after, _ := strings.Cut(text, word)
	return before + t.paint(severityColour(s), strings.TrimSuffix(word, ":")) + ":" + after
}

// explain writes what happens because of a finding, then what to do, then what these
// speak of.
func (t Text) explain(b *strings.Builder, f lint.Finding) {
	for _, text := range []string{f.Effect, f.Action} {
		if text != "" {
			t.fold(b, indent, prose.Words(prose.Safe(text)))
		}
	}
	shown := f.List[:min(len(f.List), t.items())]
	for _, item := range shown {
		t.fold(b, indent+"  ", append([]string{"-"}, prose.Words(prose.Safe(item))...))
	}
	t.more(b, len(f.List)-len(shown))
}

// further writes the other places of a group, each with its headline where that is
// another one.
func (t Text) further(b *strings.Builder, g *group) {
	shown := g.others[:min(len(g.others), t.items())]
	for _, f := range shown {
		if f.Headline == g.Headline {
			fmt.Fprintf(b, "%salso %s\n", indent, place(f.Path, f.Span))
			continue
		}
		t.fold(b, indent, append([]string{"also", place(f.Path, f.Span) + ":"}, prose.Words(prose.Safe(f.Headline))...))
	}
	t.more(b, len(g.others)-len(shown))
}

func (t Text) more(b *strings.Builder, n int) {
	if n > 0 {
		fmt.Fprintf(b, "%sand %d more; --verbose shows them\n", indent, n)
	}
}

// items is how many entries of a list are shown.
func (t Text) items() int {
	if t.Verbose {
		return 1 << 30
	}
	return maxItems
}

// fold writes words in lines of the width, behind an indent; lines after the first
// begin two columns further where the first has a mark before its text.
func (t Text) fold(b *strings.Builder, before string, words []string) {
	further := before
	if slices.Contains([]string{"-", "also"}, words[0]) {
		further += "  "
	}
	t.hang(b, before, further, words)
}

// hang writes words in lines of the width, the first behind one indent, the others
// behind another.
func (t Text) hang(b *strings.Builder, before, further string, words []string) {
	words = slices.Clone(words)
	words[0] = before + words[0]
	b.WriteString(strings.Join(prose.Fold(words, t.width(), further), "\n") + "\n")
}

// width is that of the lines of a text, in columns.
func (t Text) width() int {
	if t.Width > 0 {
		return t.Width
	}
	return defaultWidth
}

// suppressed writes a finding that a directive hides, with its reason.
func (t Text) suppressed(b *strings.Builder, h lint.Suppressed) {
	fmt.Fprintf(b, "%s: suppressed %s: %s %s\n", t.paint(color.Bold, place(h.Path, h.Span)), h.Severity, prose.Safe(h.Headline), t.paint(color.Faint, "["+h.Rule+"]"))
	fmt.Fprintf(b, "%s%s: %s\n\n", indent, place(h.Directive.Path(), h.Directive), prose.Safe(h.Reason))
}

func place(path string, at source.Span) string {
	if at.IsZero() {
		return prose.Safe(path)
	}
	p := at.Begin()
	return fmt.Sprintf("%s:%d:%d", prose.Safe(path), p.Line, p.Column)
}
