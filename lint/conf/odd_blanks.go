package conf

import (
	"bytes"
	"strings"
	"unicode"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

// checkOddBlanks looks for blanks that are not ASCII, such as the no-break space of a
// web page: the reader of ARC 6.17 takes them away, and the check that it makes before
// it starts takes them for a part of the name (arc-behaviour C1). Behind the = they do
// no harm there.
func checkOddBlanks(s *site.Site, r *lint.Reporter) {
	if !s.Release.StrictStart || binary(s.Conf.Main) {
		return
	}
	for start := 0; start < len(s.Conf.Main.Data); {
		line := lineAt(s.Conf.Main, start)
		if found := oddBlanks(line); len(found) > 0 {
			what := "a blank that is not ASCII"
			if found[0].Text() == "\u00a0" {
				what = "a no-break space"
			}
			var edits []source.Edit
			for _, at := range found {
				edits = append(edits, source.Edit{Span: at})
			}
			r.At(found[0], "%s is beside an option's name or a header", what).
				Means(doesNotStart6).Do("Remove it.").About(line.Text()).Stopping(true).Fix(edits...)
		}
		start = line.End + 1
	}
}

// lineAt is the line that begins there, without its end.
func lineAt(f *source.File, start int) source.Span {
	n := bytes.IndexByte(f.Data[start:], '\n')
	if n < 0 {
		n = len(f.Data) - start
	}
	return source.Span{File: f, Start: start, End: start + n}
}

// oddBlanks are the runs of such blanks at the edges of the name of an option, or
// round a header.
func oddBlanks(line source.Span) (found []source.Span) {
	text := line.Text()
	if strings.HasPrefix(text, "#") || !strings.ContainsFunc(text, isOddBlank) {
		return nil
	}
	header := strings.TrimFunc(text, isPythonBlank)
	if name, _, option := strings.Cut(text, "="); option && !strings.HasPrefix(header, "[") {
		text = name
	} else if header != "" && !strings.HasPrefix(header, "[") {
		return nil // no line that ARC reads
	}
	if inner := strings.Trim(text, " \t\r\f\v"); strings.HasPrefix(inner, "[") && strings.HasSuffix(inner, "]") {
		return nil
	}
	core := strings.TrimFunc(text, isPythonBlank)
	lead := strings.Index(text, core)
	for _, edge := range [][2]int{{0, lead}, {lead + len(core), len(text)}} {
		blanks := text[edge[0]:edge[1]]
		if from := strings.IndexFunc(blanks, isOddBlank); from >= 0 {
			to := from + len(blanks[from:]) - len(strings.TrimLeftFunc(blanks[from:], isOddBlank))
			found = append(found, source.Span{File: line.File, Start: line.Start + edge[0] + from, End: line.Start + edge[0] + to})
		}
	}
	return found
}

// isPythonBlank is what str.strip of Python takes away.
func isPythonBlank(c rune) bool { return unicode.IsSpace(c) || c >= 0x1c && c <= 0x1f }

// isOddBlank is what Perl does not take for a blank in a file that it reads as bytes.
func isOddBlank(c rune) bool { return isPythonBlank(c) && !strings.ContainsRune(" \t\r\n\f\v", c) }
