package recipes

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quote writes a value as one word of a POSIX shell. It is the only way in
// which a value of the site comes into a script. A plain word stays as it is;
// all else stands between single quotes, in which no character has a meaning
// (POSIX.1-2017, Shell Command Language, section 2.2.2). What a terminal or an
// editor would obey or hide is written as printf writes it, so that the reader
// of a script sees it. A NUL byte cannot be an argument: Plan.check has refused
// it before.
func quote(value string) string {
	switch {
	case plainWord(value):
		return value
	case isVisible(value):
		return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
	}
	// A command substitution drops the newlines at the end (section 2.6.3).
	text := strings.TrimRight(value, "\n")
	word := `"$(printf '` + format(text) + `')"`
	if text != value {
		word += "'" + value[len(text):] + "'"
	}
	return word
}

// format is the argument of printf(1) that prints the value, in printable ASCII
// and for single quotes.
func format(value string) string {
	var b strings.Builder
	for i := range len(value) {
		switch c := value[i]; {
		case c == '\'':
			b.WriteString(`'\''`)
		case c == '\\' || c == '%':
			b.WriteString(strings.Repeat(string(c), 2))
		case c < ' ' || c > '~' || c == '-' && i == 0:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// isVisible says whether a reader sees each character of the value.
func isVisible(value string) bool {
	if !utf8.ValidString(value) {
		return false
	}
	return strings.IndexFunc(value, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }) < 0
}

// plainWord says whether the value means the same to the shell without quotes.
// No plain word is a reserved word followed by what would make it one: quote
// only writes arguments and right sides of assignments.
func plainWord(value string) bool {
	for i := range len(value) {
		c := value[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '/', c == '_':
		case strings.IndexByte("-.:,+@%", c) >= 0:
		default:
			return false
		}
	}
	return value != ""
}

// comment makes any text safe for one comment line.
func comment(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}
