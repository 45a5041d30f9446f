package conffmt

import (
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/pattern"
)

// readParts takes a sound file apart.
func readParts(doc *arcconf.Document, confD bool) parts {
	lines := linesOf(doc)
	var p parts
	for i, segment := range segments(doc, lines) {
		last := i == len(doc.Sections)
		var stays, goes []string
		switch {
		case i == 0 && last:
			stays = segment
		case i == 0:
			stays, goes = shareTop(segment, confD)
		case last:
			stays, p.foot = shareEnd(segment)
		default:
			stays, goes = share(segment)
		}
		if i == 0 {
			p.head = stays
		} else {
			p.blocks[i-1].body = stays
		}
		if !last {
			section := doc.Sections[i]
			p.blocks = append(p.blocks, &block{Section: section, rank: rank(section.Name), above: goes, header: headerText(section)})
		}
	}
	return p
}

// linesOf gives every line in its form, in reading order; blank ones are "".
func linesOf(doc *arcconf.Document) []string {
	f := doc.Main
	at := map[int]string{}
	for _, s := range doc.Sections {
		at[s.Line.Start] = headerText(s)
		for _, o := range s.Options {
			at[o.Line.Start] = optionText(o)
		}
	}
	for _, c := range doc.Comments {
		at[c.Span.Start] = trimComment(c.Text)
	}
	var lines []string
	for n := 1; n <= f.Lines(); n++ {
		lines = append(lines, at[f.Line(n).Start])
	}
	return lines
}

func headerText(s *arcconf.Section) string { return "[" + s.Name + "]" }

func optionText(o *arcconf.Option) string {
	if !o.HasEquals {
		return o.Name.Text
	}
	return o.Name.Text + "=" + o.Value.Text
}

// segments are the lines above the first header, then those below each.
func segments(doc *arcconf.Document, lines []string) [][]string {
	var found [][]string
	from := 0
	for _, s := range doc.Sections {
		n := s.Line.Begin().Line
		found = append(found, lines[from:n-1])
		from = n
	}
	return append(found, lines[from:])
}

// share divides the lines of a block: those that stay, and the comments that go
// with the header below. Those that touch the header go. Where they touch an
// option above as well, options that are commented out stay with it.
func share(segment []string) (stays, goes []string) {
	tail := tailOf(segment)
	cut := touching(segment, tail)
	if cut == tail {
		for i := tail; i < len(segment); i++ {
			if commentedOut().MatchString(segment[i]) {
				cut = i + 1
			}
		}
	}
	return divide(segment, min(cut, directive(segment, tail)))
}

// shareTop divides the lines above the first header. A directive on top of
// arc.conf is about the whole site, in arc.conf.d about the first block.
func shareTop(segment []string, confD bool) (stays, goes []string) {
	cut := touching(segment, 0)
	if confD {
		cut = min(cut, directive(segment, 0))
	}
	return divide(segment, cut)
}

// shareEnd takes a directive at the end of the file, which is about nothing, out
// of the last block: in front of another block it would be about that.
func shareEnd(segment []string) (stays, foot []string) {
	cut := directive(segment, tailOf(segment))
	return segment[:cut], segment[cut:]
}

var commentedOut = pattern.OnDemand(`^#[A-Za-z_+!-][^\s=\[\]]*\s*=`)

// tailOf is where the lines behind the last option begin.
func tailOf(segment []string) int {
	for i := len(segment); i > 0; i-- {
		if line := segment[i-1]; line != "" && !strings.HasPrefix(line, "#") {
			return i
		}
	}
	return 0
}

// touching is where the comments begin that touch the header below the segment.
func touching(segment []string, tail int) int {
	return paragraph(segment, tail, len(segment))
}

// paragraph is where the comments begin that reach down to line i.
func paragraph(segment []string, tail, i int) int {
	for i > tail && segment[i-1] != "" {
		i--
	}
	return i
}

// directives begins a line that suppresses a rule (lint.Suppression): it is
// about the header or option below it, however many empty lines stand between.
const directives = "# arclint:ignore"

// directive is where the comments with the first directive begin, but for those
// that touch an option above; the end of the segment if there is none.
func directive(segment []string, tail int) int {
	n := slices.IndexFunc(segment[tail:], func(line string) bool { return strings.HasPrefix(line, directives) })
	if n < 0 {
		return len(segment)
	}
	if begin := paragraph(segment, tail, tail+n); begin > tail {
		return begin
	}
	return tail + n
}

// divide cuts a segment in two. Nothing blank is left between comments and the
// header that they go with, lest they come to stand alone on top of the file.
func divide(segment []string, cut int) (stays, goes []string) {
	goes = slices.Clone(segment[cut:])
	return segment[:cut], slices.DeleteFunc(goes, func(line string) bool { return line == "" })
}
