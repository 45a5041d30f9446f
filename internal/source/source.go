// Package source holds the bytes of a file as they were read and says where in
// them something stands. It knows nothing of any syntax.
package source

import (
	"bytes"
	"sort"
	"sync"
	"unicode/utf8"
)

// File is one file of the site: its path as the site sees it and its bytes.
// A File is not changed after New, and not copied.
type File struct {
	Path string
	Data []byte

	real []byte // the bytes of the file where Data hides some; ask Real

	once  sync.Once
	lines []int // byte offset at which each line starts; ask starts
	runes []int // code points before each step of Data; ask runesTo
	count sync.Once
}

var newline = []byte{'\n'}

// New makes a File from a path (as the site sees it) and its bytes.
func New(path string, data []byte) *File { return &File{Path: path, Data: data} }

// starts are the offsets at which the lines start. Most files are never asked
// for a line: a revocation list of 16 MiB may have as many.
func (f *File) starts() []int {
	f.once.Do(func() {
		f.lines = make([]int, 1, bytes.Count(f.Data, newline)+1)
		for at := 0; ; {
			n := bytes.IndexByte(f.Data[at:], '\n')
			if n < 0 {
				return
			}
			at += n + 1
			f.lines = append(f.lines, at)
		}
	})
	return f.lines
}

// Position is a place as people count it: line and column start at 1, and a
// column is one code point, not one byte (SARIF calls this unicodeCodePoints).
type Position struct{ Line, Column int }

// Position of the byte offset. Offsets outside the file are clamped to it.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.Data))
	lines := f.starts()
	line := sort.SearchInts(lines, offset+1) - 1
	return Position{Line: line + 1, Column: f.runesIn(lines[line], offset) + 1}
}

// step is how many bytes are counted again for a position in a long line.
const step = 4096

// runesIn counts the code points between two offsets. Far apart, it counts only
// around them: a file may be one endless line with a finding on each word.
func (f *File) runesIn(start, end int) int {
	if end-start <= 2*step {
		return utf8.RuneCount(f.Data[start:end])
	}
	return f.runesTo(end) - f.runesTo(start)
}

// runesTo counts the code points before an offset.
func (f *File) runesTo(offset int) int {
	f.count.Do(func() {
		f.runes = []int{0}
		for at := step; at <= len(f.Data); at += step {
			f.runes = append(f.runes, f.runes[len(f.runes)-1]+utf8.RuneCount(f.Data[f.whole(at-step):f.whole(at)]))
		}
	})
	n := offset / step
	from := f.whole(n * step)
	if from > offset {
		n, from = n-1, f.whole((n-1)*step)
	}
	return f.runes[n] + utf8.RuneCount(f.Data[from:offset])
}

// whole moves an offset to the next place at which no code point is cut.
func (f *File) whole(at int) int {
	for n := range utf8.UTFMax {
		if at+n >= len(f.Data) || utf8.RuneStart(f.Data[at+n]) {
			return min(at+n, len(f.Data))
		}
	}
	return at + utf8.UTFMax // no code point is that long
}

// Lines is the number of lines, counting an empty last one.
func (f *File) Lines() int { return len(f.starts()) }

// Line is the span of line n (from 1) without its line end. A line that does
// not exist gives an empty span at the end of the file.
func (f *File) Line(n int) Span {
	lines := f.starts()
	if n < 1 || n > len(lines) {
		return Span{File: f, Start: len(f.Data), End: len(f.Data)}
	}
	start, end := lines[n-1], len(f.Data)
	if n < len(lines) {
		end = lines[n] - 1
	}
	if end > start && f.Data[end-1] == '\r' {
		end--
	}
	return Span{File: f, Start: start, End: end}
}

// Span is a range of bytes in a file, End exclusive. The zero Span stands
// nowhere.
type Span struct {
	File       *File
	Start, End int
}

// IsZero says whether the span stands nowhere.
func (s Span) IsZero() bool { return s.File == nil }

// Text is the bytes of the span as a string.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	return string(s.File.Data[s.Start:s.End])
}

// Path is the path of the file in which the span stands, "" for the zero Span.
func (s Span) Path() string {
	if s.File == nil {
		return ""
	}
	return s.File.Path
}

// Begin is the position of the first byte, the zero Position for the zero Span.
func (s Span) Begin() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.Start)
}

// Finish is the position after the last byte.
func (s Span) Finish() Position {
	if s.File == nil {
		return Position{}
	}
	return s.File.Position(s.End)
}

// Lines is the span widened to whole lines, the line end of the last included.
func (s Span) Lines() Span {
	if s.File == nil {
		return s
	}
	first := s.File.Position(s.Start).Line
	last := s.File.Position(max(s.Start, s.End-1)).Line
	lines, end := s.File.starts(), len(s.File.Data)
	if last < len(lines) {
		end = lines[last]
	}
	return Span{File: s.File, Start: lines[first-1], End: end}
}
