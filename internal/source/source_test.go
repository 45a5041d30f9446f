package source

import (
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

// TestPositionOfLongLine: a column is counted from a mark as it is from the
// beginning of the line, in texts that are no UTF-8 too.
func TestPositionOfLongLine(t *testing.T) {
	parts := []string{"a", "ç", "€", "\xe2\x82", "\xff", "😀", "\xf0\x9f"}
	var b strings.Builder
	b.WriteString("first\n")
	for i := range 4 * longLine {
		b.WriteString(parts[i*i%11%len(parts)])
	}
	b.WriteString("\nlast")
	f := New("x", []byte(b.String()))
	for offset := range f.Data {
		if offset%997 != 0 && offset%longLine > 3 {
			continue // counting from the beginning takes long
		}
		want := Position{Line: 1 + strings.Count(b.String()[:offset], "\n")}
		want.Column = utf8.RuneCount(f.Data[f.Line(want.Line).Start:offset]) + 1
		if got := f.Position(offset); got != want {
			t.Fatalf("Position(%d) = %v, want %v", offset, got, want)
		}
	}
	if len(f.marks()) != 1 {
		t.Errorf("%d lines have marks, want the long one", len(f.marks()))
	}
}
