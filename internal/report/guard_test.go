package report

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"

	"io"
)

// TestGuard: what a site may hold does not act, however the writes are cut; what
// arclint writes itself passes.
func TestGuard(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext\n":                    "plain\ttext\n",
		"line\r\nline\r\n":                 "line\r\nline\r\n",
		"over\rwritten":                    `over\x0Dwritten`,
		"\x1b[31merror\x1b[0m":             "\x1b[31merror\x1b[0m",
		"\x1b[1mbold\x1b[0;22m":            "\x1b[1mbold\x1b[0;22m",
		"\x1b[8mhidden":                    `\x1B[8mhidden`,
		"\x1b[2J":                          `\x1B[2J`,
		"\x1b]0;title\a":                   `\x1B]0;title\x07`,
		"\u202e":                           `\u{202E}`,
		"\u009b2J":                         `\u{9B}2J`,
		"\x9b2J":                           `\x9B2J`,
		"\x1b":                             `\x1B`,
		"\x1b[":                            `\x1B[`,
		"\r":                               `\x0D`,
		"Zürich 東京":                        "Zürich 東京",
		"\x1b[31;1m red \x1b[31;8m hidden": "\x1b[31;1m red " + `\x1B[31;8m hidden`,
		strings.Repeat("\x1b[31", 3) + "m": `\x1B[31\x1B[31` + "\x1b[31m",
		"\xe6\x9d":                         `\xE6\x9D`,
	} {
		for _, cut := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader} {
			var out bytes.Buffer
			g := NewGuard(&out)
			if _, err := io.Copy(onlyWriter{g}, cut(strings.NewReader(in))); err != nil {
				t.Fatal(err)
			}
			if err := g.Flush(); err != nil {
				t.Fatal(err)
			}
			if out.String() != want {
				t.Errorf("%q gave %q, want %q", in, out.String(), want)
			}
		}
	}
}

type onlyWriter struct{ io.Writer }

// FuzzGuard: but for line ends and its own colours, nothing that comes out acts.
func FuzzGuard(f *testing.F) {
	f.Add([]byte("\x1b[31m\x1b[8m\x9b\u202e\r\n"), 3)
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		var out bytes.Buffer
		g := NewGuard(&out)
		cut = min(max(cut, 0), len(data))
		for _, part := range [][]byte{data[:cut], data[cut:]} {
			if n, err := g.Write(part); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if err := g.Flush(); err != nil {
			t.Fatal(err)
		}
		rest := strings.ReplaceAll(out.String(), "\r\n", "\n")
		for rest != "" {
			if colour := ownColour().FindString(rest); strings.HasSuffix(colour, "m") {
				rest = rest[len(colour):]
				continue
			}
			r := []rune(rest[:min(len(rest), 4)])[0]
			if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Fatalf("%q gave %q", data, out.String())
			}
			rest = rest[len(string(r)):]
		}
	})
}
