package recipes

import (
	"strings"

	"arclint/internal/source"
)

// closeUp adds edits that take out the blank lines below a gap: where lines go
// that stood between blank ones, those above it stay and those below it go along.
func closeUp(edits []source.Edit) []source.Edit {
	closed := edits
	done := map[*source.File]bool{}
	for _, e := range edits {
		if f := e.Span.File; !done[f] {
			done[f] = true
			closed = closeFile(f, closed)
		}
	}
	return closed
}

func closeFile(f *source.File, edits []source.Edit) []source.Edit {
	removed := removedLines(f, edits)
	blankAbove, gap := true, false
	for n := 1; n <= f.Lines(); n++ {
		line := f.Line(n)
		whole := line.Lines()
		switch blank := strings.TrimSpace(line.Text()) == ""; {
		case whole.Start == len(f.Data): // what follows the last line end is no line
		case removed[line.Start]:
			gap = true
		case blank && blankAbove && gap:
			edits = append(edits, source.Edit{Span: whole})
		default:
			blankAbove, gap = blank, false
		}
	}
	if blankAbove {
		startAtOnce(f, edits)
	}
	return edits
}

// removedLines are the starts of the lines that go as a whole.
func removedLines(f *source.File, edits []source.Edit) map[int]bool {
	gone := map[int]bool{}
	for _, e := range edits {
		if e.Span.File != f || e.New != "" {
			continue
		}
		for at := e.Span.Start; at < e.Span.End; at++ {
			if at == 0 || f.Data[at-1] == '\n' {
				gone[at] = true
			}
		}
	}
	return gone
}

// startAtOnce takes the blank line away before a block that is written at the end
// of a file which ends with one.
func startAtOnce(f *source.File, edits []source.Edit) {
	for i, e := range edits {
		if e.Span.File == f && e.Span.Start == len(f.Data) {
			edits[i].New = strings.TrimLeft(e.New, "\r\n")
		}
	}
}
