package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Safe shows text of the site on a terminal without letting it act there:
// control characters (escape sequences among them), invisible format characters
// and bytes that are not UTF-8 are written as \xHH or \u{HHHH}. Tabs stay.
func Safe(text string) string {
	if !strings.ContainsFunc(text, acts) && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02X`, text[i])
		case acts(r) && r < 0x80:
			fmt.Fprintf(&b, `\x%02X`, r)
		case acts(r):
			fmt.Fprintf(&b, `\u{%X}`, r)
		default:
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

// Error writes why the program failed. What the site holds may stand in it.
func Error(w io.Writer, err error) {
	// There is no place left to report that it cannot be written.
	_, _ = fmt.Fprintf(w, "arclint: %s\n", Safe(strings.ReplaceAll(err.Error(), "\n", "; ")))
}

func acts(r rune) bool {
	return r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029')
}
