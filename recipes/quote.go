package recipes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// quote writes a value as one word of a POSIX shell. It is the only way in
// which a value of the site comes into a script. A plain word stays as it is;
// all else stands between single quotes, in which no character has a meaning
// (POSIX.1-2017, Shell Command Language, section 2.2.2). A NUL byte cannot be an
// argument: Plan.check has refused it before.
func quote(value string) string {
	if plainWord(value) {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
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
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return '?'
		}
		return r
	}, text)
}

// isText says whether the bytes can stand in a script as they are, so that the
// reader sees what will be written.
func isText(data []byte) bool {
	if !utf8.Valid(data) {
		return false
	}
	for _, r := range string(data) {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return false
		}
	}
	return true
}
