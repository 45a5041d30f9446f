package doors

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"arclint/internal/admission"
	"arclint/internal/authgroup"
	"arclint/internal/prose"
	"arclint/internal/site"
)

// AccessMarkdown writes who gets in as a page. What a site holds stands in code
// spans or escaped, so that it is text on the page and nothing else.
func AccessMarkdown(w io.Writer, s *site.Site, a admission.Access) error {
	var b strings.Builder
	if a.NoStart != nil {
		fmt.Fprintf(&b, "Note: %s.\n\n", escaped(noStartSentence(a.NoStart)))
	}
	open, closed := split(a.Doors)
	most := listed(a)
	fmt.Fprintf(&b, "# Who gets in\n\nThe widest way in first. Judged as ARC %s, %s.\n", s.Release.Measured, escaped(s.Release.Explain()))
	if len(a.Notes) > 0 {
		b.WriteByte('\n')
	}
	for _, note := range a.Notes {
		fmt.Fprintf(&b, "- Note: %s.\n", escaped(note))
	}
	switch {
	case a.Unknown != "":
		fmt.Fprintf(&b, "\nUnknown: %s.\n", escaped(a.Unknown))
	case a.Stopped != "":
		fmt.Fprintf(&b, "\nNobody: the service does not start: %s.\n", escaped(a.Stopped))
	case len(open) == 0:
		b.WriteString("\nNobody.\n")
	default:
		markdownTable(&b, open, most, a.NoStart)
	}
	for i, d := range open {
		markdownDoor(&b, i+1, d, most)
	}
	if len(closed) > 0 {
		b.WriteString("\n## Rules that let nobody in\n\n")
	}
	for _, d := range closed {
		at := d.Rule.Option.Line
		fmt.Fprintf(&b, "- %s line %d: %s\n", code(at.Path()), at.Begin().Line, escaped(d.Headline()))
	}
	if text := notListed(a, most); text != "" {
		a.Unseen = append(slices.Clip(a.Unseen), text)
	}
	if len(a.Unseen) > 0 {
		b.WriteString("\n## Not worked out\n\n")
	}
	for _, text := range a.Unseen {
		fmt.Fprintf(&b, "- %s\n", escaped(text))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownTable(b *strings.Builder, open []admission.Door, most int, n *admission.NoStart) {
	b.WriteString("\n| # | who | group | interface | submit | read | cancel | account | now |\n|---|---|---|---|---|---|---|---|---|\n")
	for i, d := range open {
		fmt.Fprintf(b, "| %d | %s | %s | %s | %s | %s | %s | %s | %s |\n", i+1, escaped(d.Who), code(cmp.Or(d.Group, "-")), authgroup.JobsBlock,
			d.Submit.State, d.Read.State, d.Cancel.State, code(account(d)), now(d, n))
		for q := range d.Queues.First(most) {
			state := string(admission.No)
			if q.Open {
				state = string(d.Submit.State)
			}
			fmt.Fprintf(b, "| | | | %s | %s | | | | |\n", code("queue:"+q.Name), state)
		}
		if left := leftOffOf(d, most); left != nil && d.Queues.Len() > most {
			fmt.Fprintf(b, "| | | | %d more queues | %d open | | | | |\n", left.QueuesOpen+left.QueuesClosed, left.QueuesOpen)
		}
	}
}

func markdownDoor(b *strings.Builder, n int, d admission.Door, most int) {
	fmt.Fprintf(b, "\n## %d. %s\n\n", n, escaped(d.Headline()))
	for _, line := range facts(d, most) {
		fmt.Fprintf(b, "- %s\n", escaped(line))
	}
	for _, s := range d.Decision.Because {
		fmt.Fprintf(b, "- %s line %d: %s: %s", code(s.At.Path()), s.At.Begin().Line, code(s.Rule), escaped(s.Result))
		if s.Source != "" {
			fmt.Fprintf(b, " (%s)", s.Source)
		}
		if s.Differs != "" {
			fmt.Fprintf(b, ". Measured so; %s", escaped(s.Differs))
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(b, "- proof: %s\n", code(proof(d.Proof)))
}

// escaped is text in which no character means anything to Markdown or HTML.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range prose.Safe(text) {
		switch {
		case r == '&':
			b.WriteString("&amp;")
			continue
		case r == '<':
			b.WriteString("&lt;")
			continue
		case r == '\t':
			r = ' '
		case strings.ContainsRune("\\`*_{}[]|#!>~", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code is a code span, in a table too: a fence longer than any in the text.
func code(text string) string {
	text = strings.ReplaceAll(prose.Safe(text), "\t", " ")
	text = strings.ReplaceAll(text, "|", `\|`)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	if text == "" {
		return ""
	}
	return fence + text + fence
}
