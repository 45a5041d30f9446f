package recipes

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arclint/internal/pattern"
	"arclint/internal/source"
)

// hunk is a piece of a unified diff.
type hunk struct {
	old, new int // the lines before its first one, in either file
	lines    []hunkLine
}

type hunkLine struct {
	op     byte // ' ', '-' or '+'
	text   string
	real   string // as it is in the file
	hidden int    // the number of the line, where a part of it is hidden; else 0
}

// withoutSecrets makes of the diff of two files as they are one of what they show.
// Hunks end before a line that is hidden. Where one changes such a line, why says
// so: the lines as shown are none of the file.
func withoutSecrets(text []byte, before, after *source.File) (shown []byte, why string) {
	hidden := [2]map[int]bool{lineSet(before.HiddenLines()), lineSet(after.HiddenLines())}
	if len(hidden[0])+len(hidden[1]) == 0 || len(text) == 0 {
		return text, ""
	}
	header, hunks := parseHunks(text)
	out := bytes.NewBuffer(header)
	var whole bytes.Buffer
	for _, h := range hunks {
		h.show(before, after, hidden)
		h.keepHidden()
		h.write(&whole)
		for _, l := range h.lines {
			if l.hidden != 0 && l.op != ' ' && why == "" {
				why = fmt.Sprintf("Line %d holds a secret, which is shown as asterisks here", l.hidden)
			}
		}
		for _, part := range h.parts() {
			part.write(out)
		}
	}
	if why != "" {
		return append(header, whole.Bytes()...), why
	}
	return out.Bytes(), ""
}

func lineSet(lines []int) map[int]bool {
	set := map[int]bool{}
	for _, n := range lines {
		set[n] = true
	}
	return set
}

var hunkHeader = pattern.OnDemand(`^@@ -(\d+),(\d+) \+(\d+),(\d+) @@`)

// parseHunks takes a diff apart that package diff has written.
func parseHunks(text []byte) (header []byte, hunks []*hunk) {
	left := 0 // lines of the hunk that are still to come, of both files
	for line := range strings.Lines(string(text)) {
		switch m := hunkHeader().FindStringSubmatch(line); {
		case strings.HasPrefix(line, `\ `) && len(hunks) > 0:
			last := hunks[len(hunks)-1].lines
			last[len(last)-1].text += line
			last[len(last)-1].real += line
		case left == 0 && m != nil:
			n := numbers(m[1:])
			h := &hunk{old: n[0] - min(n[1], 1), new: n[2] - min(n[3], 1)}
			hunks, left = append(hunks, h), n[1]+n[3]
		case len(hunks) == 0:
			header = append(header, line...)
		default:
			h := hunks[len(hunks)-1]
			h.lines = append(h.lines, hunkLine{op: line[0], text: line[1:], real: line[1:]})
			if left--; line[0] == ' ' {
				left--
			}
		}
	}
	return header, hunks
}

func numbers(texts []string) (list [4]int) {
	for i, text := range texts {
		list[i], _ = strconv.Atoi(text) // digits, by hunkHeader
	}
	return list
}

// show puts what the files show in the place of what they hold.
func (h *hunk) show(before, after *source.File, hidden [2]map[int]bool) {
	old, new := h.old, h.new
	for i := range h.lines {
		l := &h.lines[i]
		f, n, side := before, 0, 0
		if l.op != '+' {
			old++
			n = old
		}
		if l.op != '-' {
			new++
		}
		if l.op == '+' {
			f, n, side = after, new, 1
		}
		if hidden[side][n] {
			_, end, _ := strings.Cut(l.text, "\n")
			l.hidden, l.text = n, f.Line(n).Text()+"\n"+end
		}
	}
}

// keepHidden makes context of a hidden line that goes and comes again unchanged
// among those around it: package diff takes a line that stands twice for changed.
func (h *hunk) keepHidden() {
	var lines, gone, come []hunkLine
	flush := func() {
		lines = append(append(lines, gone...), come...)
		gone, come = nil, nil
	}
	rest := h.lines
	for len(rest) > 0 {
		if rest[0].op == ' ' {
			flush()
			lines, rest = append(lines, rest[0]), rest[1:]
			continue
		}
		var old, new []hunkLine
		old, new, rest = change(rest)
		for _, l := range old {
			at := slices.IndexFunc(new, func(n hunkLine) bool { return n.hidden != 0 && n.real == l.real })
			if l.hidden == 0 || at < 0 {
				gone = append(gone, l)
				continue
			}
			come = append(come, new[:at]...)
			flush()
			l.op = ' '
			lines, new = append(lines, l), new[at+1:]
		}
		come = append(come, new...)
	}
	flush()
	h.lines = lines
}

// change gives the lines up to the next context, those that go and those that
// come.
func change(lines []hunkLine) (old, new, rest []hunkLine) {
	for i, l := range lines {
		switch l.op {
		case '-':
			old = append(old, l)
		case '+':
			new = append(new, l)
		default:
			return old, new, lines[i:]
		}
	}
	return old, new, nil
}

// parts are the pieces of the hunk between lines that are hidden, as far as they
// change anything.
func (h *hunk) parts() []*hunk {
	var parts []*hunk
	old, new := h.old, h.new
	part, cutAbove := &hunk{old: old, new: new}, false
	end := func(cutBelow bool) {
		if part.changes() {
			parts = append(parts, part.balanced(cutAbove, cutBelow))
		}
	}
	for _, l := range h.lines {
		if l.op != '+' {
			old++
		}
		if l.op != '-' {
			new++
		}
		if l.hidden == 0 || l.op != ' ' {
			part.lines = append(part.lines, l)
			continue
		}
		end(true)
		part, cutAbove = &hunk{old: old, new: new}, true
	}
	end(false)
	return parts
}

func (h *hunk) changes() bool {
	for _, l := range h.lines {
		if l.op != ' ' {
			return true
		}
	}
	return false
}

// balanced takes context away so that as much is left on both sides of what
// changes: patch(1) takes a hunk with less on one side to be at the end of the file
// there.
func (h *hunk) balanced(cutAbove, cutBelow bool) *hunk {
	above, below := 0, 0
	for h.lines[above].op == ' ' {
		above++
	}
	for h.lines[len(h.lines)-1-below].op == ' ' {
		below++
	}
	most := max(above, below)
	if cutAbove {
		most = min(most, above)
	}
	if cutBelow {
		most = min(most, below)
	}
	drop := max(above-most, 0)
	return &hunk{old: h.old + drop, new: h.new + drop, lines: h.lines[drop : len(h.lines)-max(below-most, 0)]}
}

func (h *hunk) write(out *bytes.Buffer) {
	old, new := 0, 0
	for _, l := range h.lines {
		if l.op != '+' {
			old++
		}
		if l.op != '-' {
			new++
		}
	}
	fmt.Fprintf(out, "@@ -%d,%d +%d,%d @@\n", h.old+min(old, 1), old, h.new+min(new, 1), new)
	for _, l := range h.lines {
		out.WriteString(string(l.op) + l.text)
	}
}
