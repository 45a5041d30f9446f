package report

import (
	"arclint/internal/prose"
	"strings"
	"testing"

	"github.com/fatih/color"
	"github.com/google/go-cmp/cmp"

	"arclint/internal/source"
)

// marked reads a text in which « and » stand around a span.
func marked(t *testing.T, text string) source.Span {
	t.Helper()
	before, rest, ok := strings.Cut(text, "«")
	span, after, closed := strings.Cut(rest, "»")
	if !ok || !closed {
		t.Fatalf("%q has no « and »", text)
	}
	f := source.New("/etc/arc.conf", []byte(before+span+after))
	return source.Span{File: f, Start: len(before), End: len(before) + len(span)}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("x", maxSnippet)
	tests := []struct {
		name, text, want string
	}{
		{"word", "[common]\nhostname=«ce»\n", "" +
			"    2 | hostname=ce\n" +
			"      |          ^~\n"},
		{"one character", "«a»=b", "" +
			"    1 | a=b\n" +
			"      | ^\n"},
		{"tabs before", "\ta\t=«b»", "" +
			"    1 | \ta\t=b\n" +
			"      | \t \t ^\n"},
		{"tab inside reaches its stop", "ab«c\td»e", "" +
			"    1 | abc\tde\n" +
			"      |   ^~~~~~~\n"},
		{"wide runes count twice", "名=«漢字»x", "" +
			"    1 | 名=漢字x\n" +
			"      |    ^~~~\n"},
		{"combining marks do not count", "e\u0301=«o\u0308»", "" +
			"    1 | e\u0301=o\u0308\n" +
			"      |   ^\n"},
		{"CR LF", "[a]\r\nb=«c»\r\nd=e\r\n", "" +
			"    2 | b=c\n" +
			"      |   ^\n"},
		{"the CR itself", "b=c«\r»\nd=e\r\n", "" +
			"    1 | b=c\n" +
			"      |    ^\n"},
		{"the line end", "b=c«\n»d=e\n", "" +
			"    1 | b=c\n" +
			"      |    ^\n"},
		{"empty span", "b=«»c", "" +
			"    1 | b=c\n" +
			"      |   ^\n"},
		{"empty span at the end", "b=c«»", "" +
			"    1 | b=c\n" +
			"      |    ^\n"},
		{"several lines", "[a]\nb=«c\nd=e\nf»=g\n", "" +
			"    2 | b=c\n" +
			"      |   ^\n"},
		{"escape sequences are shown", "\x1b[2J=«\x07»x", "" +
			"    1 | \\x1B[2J=\\x07x\n" +
			"      |         ^~~~\n"},
		{"bytes that are not UTF-8", "\xe9=«\xff\xfe»", "" +
			"    1 | \\xE9=\\xFF\\xFE\n" +
			"      |      ^~~~~~~~\n"},
		{"text from right to left", "a=«\u202e»b", "" +
			"    1 | a=\\u{202E}b\n" +
			"      |   ^~~~~~~~\n"},
		{"line number", strings.Repeat("\n", 12344) + "«a»=b\n", "" +
			"12345 | a=b\n" +
			"      | ^\n"},
		{"as long as may be", "«" + long + "»", "" +
			"    1 | " + long + "\n" +
			"      | ^" + strings.Repeat("~", maxSnippet-1) + "\n"},
		{"too long", "«" + long + "x»", ""},
		{"blank line", "a=b\n«»\nc=d\n", ""},
		{"blanks only", "  «»  \n", ""},
		{"a file with a private key", "«a»=b\n-----BEGIN RSA PRIVATE KEY-----\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b strings.Builder
			Text{}.snippet(&b, marked(t, test.text), color.FgRed)
			if diff := cmp.Diff(test.want, b.String()); diff != "" {
				t.Errorf("snippet (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSnippetOfNothing(t *testing.T) {
	var b strings.Builder
	Text{}.snippet(&b, source.Span{}, color.FgRed)
	if b.Len() > 0 {
		t.Errorf("snippet of the zero span: %q, want none", &b)
	}
}

// FuzzSnippet: whatever stands in a file, two lines come out or none, and
// nothing in them acts on a terminal.
func FuzzSnippet(f *testing.F) {
	f.Add("a=\tb\r\n", 2, 1)
	f.Add("\x1b[2J\xff\u202e漢", 4, 9)
	f.Fuzz(func(t *testing.T, text string, start, length int) {
		file := source.New("/etc/arc.conf", []byte(text))
		start = min(max(start, 0), len(text))
		end := min(max(start+min(length, len(text)), start), len(text))
		var b strings.Builder
		Text{}.snippet(&b, source.Span{File: file, Start: start, End: end}, color.FgRed)
		lines := strings.SplitAfter(b.String(), "\n")
		if len(lines) != 1 && len(lines) != 3 {
			t.Errorf("%d lines in %q", len(lines)-1, &b)
		}
		if strings.ContainsFunc(strings.ReplaceAll(b.String(), "\n", ""), prose.Acts) {
			t.Errorf("%q acts on a terminal", &b)
		}
		if len(lines) == 3 && strings.Count(lines[1], "^") != 1 {
			t.Errorf("carets %q, want one ^", lines[1])
		}
	})
}
