package source

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestPosition(t *testing.T) {
	f := New("/etc/arc.conf", []byte("ab\nçd\n\nlast"))
	for _, tt := range []struct {
		offset int
		want   Position
	}{
		{-1, Position{1, 1}},
		{0, Position{1, 1}},
		{2, Position{1, 3}},
		{3, Position{2, 1}},
		{5, Position{2, 2}}, // behind the two bytes of ç
		{7, Position{3, 1}},
		{12, Position{4, 5}},
		{99, Position{4, 5}},
	} {
		if got := f.Position(tt.offset); got != tt.want {
			t.Errorf("Position(%d) = %v, want %v", tt.offset, got, tt.want)
		}
	}
}

func TestLine(t *testing.T) {
	f := New("x", []byte("one\r\ntwo\n\nlast"))
	var got []string
	for n := 0; n <= f.Lines()+1; n++ {
		got = append(got, f.Line(n).Text())
	}
	if diff := cmp.Diff([]string{"", "one", "two", "", "last", ""}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSpanLines(t *testing.T) {
	f := New("x", []byte("one\ntwo\nthree"))
	for _, tt := range []struct {
		span Span
		want string
	}{
		{Span{f, 5, 6}, "two\n"},
		{Span{f, 1, 6}, "one\ntwo\n"},
		{Span{f, 4, 8}, "two\n"}, // the line end belongs to its line
		{Span{f, 8, 13}, "three"},
		{Span{}, ""},
	} {
		if got := tt.span.Lines().Text(); got != tt.want {
			t.Errorf("Lines of %q = %q, want %q", tt.span.Text(), got, tt.want)
		}
	}
}

func TestApply(t *testing.T) {
	f := New("/etc/arc.conf", []byte("abcdef"))
	other := New("/etc/other", []byte("abcdef"))
	at := func(start, end int) Span { return Span{f, start, end} }
	for _, tt := range []struct {
		name  string
		edits []Edit
		want  string
		err   string
	}{
		{"none", nil, "abcdef", ""},
		{"replace and insert, in any order", []Edit{{at(4, 4), "-"}, {at(0, 2), "X"}}, "Xcd-ef", ""},
		{"remove", []Edit{{at(1, 5), ""}}, "af", ""},
		{"the same edit twice counts once", []Edit{{at(0, 1), "X"}, {at(0, 1), "X"}}, "Xbcdef", ""},
		{"overlap", []Edit{{at(0, 3), "X"}, {at(2, 4), "Y"}}, "", "overlap at byte 2"},
		{"outside", []Edit{{at(4, 9), "X"}}, "", "outside the file"},
		{"of another file", []Edit{{Span{other, 0, 1}, "X"}}, "", "belongs to /etc/other"},
	} {
		got, err := Apply(f, tt.edits)
		if tt.err == "" && (err != nil || string(got) != tt.want) {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, err, tt.want)
		}
		if tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("%s: error %v, want one with %q", tt.name, err, tt.err)
		}
	}
}

func FuzzPosition(f *testing.F) {
	f.Add([]byte("ab\nçd\n\nlast"), 5)
	f.Fuzz(func(t *testing.T, data []byte, offset int) {
		file := New("x", data)
		p := file.Position(offset)
		if p.Line < 1 || p.Line > file.Lines() || p.Column < 1 {
			t.Fatalf("position %v of a file of %d lines", p, file.Lines())
		}
		offset = min(max(offset, 0), len(data))
		start := file.lines[p.Line-1]
		if utf8.RuneCount(data[start:offset])+1 != p.Column {
			t.Fatalf("column %d does not count the code points before byte %d", p.Column, offset)
		}
	})
}

// TestPositionInLongLine: a place far to the right is counted from a mark on the
// way, and as if the whole line had been counted.
func TestPositionInLongLine(t *testing.T) {
	for _, piece := range []string{"a", "é", "日本", "a\U0001F600", "\x80", "\xff", "\xe2\x82", "ab\xf0\x9f\x98é"} {
		data := []byte("first\n" + strings.Repeat(piece, 5*step/len(piece)) + "\nlast " + strings.Repeat(piece, 3*step/len(piece)))
		f := New("f", data)
		for at := 0; at <= len(data); at += 37 {
			line := bytes.LastIndexByte(data[:at], '\n') + 1
			want := Position{Line: bytes.Count(data[:at], newline) + 1, Column: utf8.RuneCount(data[line:at]) + 1}
			if got := f.Position(at); got != want {
				t.Fatalf("%q: offset %d is at %v, want %v", piece, at, got, want)
			}
		}
	}
}
