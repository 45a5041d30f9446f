package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// NewHidden makes a File that shows shown, and really holds real: as many bytes,
// the same code points wide, with secrets written over (see Hide). All that is
// shown of the file is taken from Data; what is written back is Real.
func NewHidden(path string, shown, real []byte) *File {
	f := New(path, shown)
	if !bytes.Equal(shown, real) {
		f.real = real
	}
	return f
}

// Real is the bytes of the file as they are. They may hold secrets and go nowhere
// but into that file and into a checksum.
func (f *File) Real() []byte {
	if f.real == nil {
		return f.Data
	}
	return f.real
}

// Hides says whether a part of the bytes between two offsets is hidden.
func (f *File) Hides(start, end int) bool {
	return f.real != nil && !bytes.Equal(f.Data[start:end], f.real[start:end])
}

// HiddenLines are the numbers of the lines of which something is hidden.
func (f *File) HiddenLines() []int {
	if f.real == nil {
		return nil
	}
	var lines []int
	for n := 1; n <= f.Lines(); n++ {
		if line := f.Line(n); f.Hides(line.Start, line.End) {
			lines = append(lines, n)
		}
	}
	return lines
}

// masks stand for a code point of 1, 2, 3 and 4 bytes, so that offsets and columns
// stay.
var masks = [utf8.UTFMax + 1]string{1: "*", 2: "·", 3: "•", 4: "\U0001D54F"}

// Hide overwrites a secret with as many marks as it has code points.
func Hide(data []byte) {
	for at := 0; at < len(data); {
		_, n := utf8.DecodeRune(data[at:])
		copy(data[at:at+n], masks[n])
		at += n
	}
}

// Spare parts edits around what the file hides, so that its bytes are kept and
// not written. An edit that moves or repeats what is hidden is an error.
func Spare(f *File, edits []Edit) ([]Edit, error) {
	if f.real == nil {
		return edits, nil
	}
	var spared []Edit
	for _, e := range edits {
		parts, err := spare(f, e)
		if err != nil {
			return nil, err
		}
		spared = append(spared, parts...)
	}
	return spared, nil
}

func spare(f *File, e Edit) ([]Edit, error) {
	if e.Span.File != f || e.New == "" || !f.Hides(e.Span.Start, e.Span.End) {
		return []Edit{e}, nil
	}
	start, end := f.hidden(e.Span.Start, e.Span.End)
	kept := string(f.Data[start:end])
	at := strings.Index(e.New, kept)
	if at < 0 && !strings.ContainsAny(e.New, strings.Join(masks[:], "")) {
		return []Edit{e}, nil // the secret goes
	}
	if at < 0 || strings.Contains(e.New[at+1:], kept) {
		return nil, fmt.Errorf("%s:%d: the edit would write a secret, which arclint does not: make it by hand", f.Path, e.Span.Begin().Line)
	}
	return []Edit{
		{Span: Span{File: f, Start: e.Span.Start, End: start}, New: e.New[:at]},
		{Span: Span{File: f, Start: end, End: e.Span.End}, New: e.New[at+len(kept):]},
	}, nil
}

// hidden is the part between two offsets from the first hidden byte to the last.
func (f *File) hidden(start, end int) (int, int) {
	for start < end && f.Data[start] == f.real[start] {
		start++
	}
	for end > start && f.Data[end-1] == f.real[end-1] {
		end--
	}
	return start, end
}
