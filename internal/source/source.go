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
// A File is not changed after New.
type File struct {
	Path  string
	Data  []byte
	lines []int // byte offset at which each line starts
	marks func() map[int][]mark
}

// mark is a place in a long line of which the column is known, so that not all
// before a place is counted again for each name on a line of thousands.
type mark struct{ offset, runes int }

// longLine is the least length of a line with marks, and the distance of two.
const longLine = 4096

var newline = []byte{'\n'}

// New makes a File from a path (as the site sees it) and its bytes.
func New(path string, data []byte) *File {
	f := &File{Path: path, Data: data, lines: make([]int, 1, bytes.Count(data, newline)+1)}
	f.marks = sync.OnceValue(f.findMarks)
	for at := 0; ; {
		n := bytes.IndexByte(data[at:], '\n')
		if n < 0 {
			return f
		}
		at += n + 1
		f.lines = append(f.lines, at)
	}
}

// Position is a place as people count it: line and column start at 1, and a
// column is one code point, not one byte (SARIF calls this unicodeCodePoints).
type Position struct{ Line, Column int }

// Position of the byte offset. Offsets outside the file are clamped to it.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.Data))
	line := sort.SearchInts(f.lines, offset+1) - 1
	from := f.lines[line]
	if offset-from < longLine {
		return Position{Line: line + 1, Column: utf8.RuneCount(f.Data[from:offset]) + 1}
	}
	marks := f.marks()[line]
	m := marks[sort.Search(len(marks), func(i int) bool { return marks[i].offset > offset })-1]
	return Position{Line: line + 1, Column: m.runes + utf8.RuneCount(f.Data[m.offset:offset]) + 1}
}

// findMarks gives the marks of each long line, the first at its beginning.
func (f *File) findMarks() map[int][]mark {
	all := map[int][]mark{}
	for n, from := range f.lines {
		end := len(f.Data)
		if n+1 < len(f.lines) {
			end = f.lines[n+1]
		}
		if end-from < longLine {
			continue
		}
		m := mark{offset: from}
		for all[n] = []mark{m}; m.offset < end; {
			_, size := utf8.DecodeRune(f.Data[m.offset:end])
			m.offset, m.runes = m.offset+size, m.runes+1
			if marks := all[n]; m.offset-marks[len(marks)-1].offset >= longLine {
				all[n] = append(marks, m)
			}
		}
	}
	return all
}

// Lines is the number of lines, counting an empty last one.
func (f *File) Lines() int { return len(f.lines) }

// Line is the span of line n (from 1) without its line end. A line that does
// not exist gives an empty span at the end of the file.
func (f *File) Line(n int) Span {
	if n < 1 || n > len(f.lines) {
		return Span{File: f, Start: len(f.Data), End: len(f.Data)}
	}
	start, end := f.lines[n-1], len(f.Data)
	if n < len(f.lines) {
		end = f.lines[n] - 1
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
	end := len(s.File.Data)
	if last < len(s.File.lines) {
		end = s.File.lines[last]
	}
	return Span{File: s.File, Start: s.File.lines[first-1], End: end}
}
