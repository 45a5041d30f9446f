package prose

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Safe shows text of a site without letting it act on a terminal or in an
// editor: control characters (escape sequences among them), invisible format
// characters, bidirectional overrides among them, and bytes that are not UTF-8
// are written as \xHH or \u{HHHH}. Tabs stay.
func Safe(text string) string {
	if !strings.ContainsFunc(text, Acts) && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		b.WriteString(safeRune(r, text[i:i+n]))
		i += n
	}
	return b.String()
}

// SafeLines is Safe of each line: line ends stay, with or without a carriage
// return.
func SafeLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		body := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		b.WriteString(Safe(body) + line[len(body):])
	}
	return b.String()
}

// safeRune is one character of a text and its bytes.
func safeRune(r rune, raw string) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02X`, raw[0])
	case Acts(r) && r < 0x80:
		return fmt.Sprintf(`\x%02X`, r)
	case Acts(r):
		return fmt.Sprintf(`\u{%X}`, r)
	}
	return raw
}

// Acts says whether a character does something other than to be seen.
func Acts(r rune) bool {
	return r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029')
}
