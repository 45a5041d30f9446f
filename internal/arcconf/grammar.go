package arcconf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The functions below match one line, without its end, as the regular
// expressions of config.py do. Offsets are in bytes of the line. A byte that is
// not UTF-8 counts as a letter.

// isSpace is what `\s` and str.strip mean to Python: Unicode's White_Space and
// the four information separators.
func isSpace(r rune) bool {
	return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f
}

// skipSpace is the first offset from i on at which no space stands.
func skipSpace(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isSpace(r) {
			break
		}
		i += n
	}
	return i
}

// trim is where s begins and ends without spaces at either end. A string of
// spaces gives an empty range at its start.
func trim(s string) (from, to int) {
	to = len(strings.TrimRightFunc(s, isSpace))
	if to == 0 {
		return 0, 0
	}
	return skipSpace(s, 0), to
}

// Indent is how many bytes of white space, as Python sees it, a line begins with.
func Indent(line string) int { return skipSpace(line, 0) }

func isComment(line string) bool { return strings.HasPrefix(line, "#") }

func isBlank(line string) bool { return skipSpace(line, 0) == len(line) }

// matchHeader finds the text between the brackets of a header.
func matchHeader(line string) (from, to int, ok bool) {
	open := skipSpace(line, 0)
	if open == len(line) || line[open] != '[' {
		return 0, 0, false
	}
	from = open + 1
	n := strings.IndexAny(line[from:], "[]")
	if n < 0 || line[from+n] != ']' || !isBlank(line[from+n+1:]) {
		return 0, 0, false
	}
	to = from + n
	return from, to, isBlockName(line[from:to])
}

// isBlockName wants something before the first colon and, if there is a colon,
// something after it. Spaces count as something.
func isBlockName(s string) bool {
	colon := strings.IndexByte(s, ':')
	if colon < 0 {
		return s != ""
	}
	return colon > 0 && colon < len(s)-1
}

// blockKey is config.py's key for the text between the brackets: spaces at the
// two ends of what follows the first colon are taken away, unless nothing else
// is there.
func blockKey(header string) string {
	kind, id, named := strings.Cut(header, ":")
	from, to := trim(id)
	if !named || from == to {
		return header
	}
	return kind + ":" + id[from:to]
}

// splitKey is how the services understand a key: the kind and the identifier
// after the first colon, both without spaces around them.
func splitKey(key string) (kind, id string) {
	kind, id, named := strings.Cut(key, ":")
	if !named {
		return key, ""
	}
	return strings.TrimFunc(kind, isSpace), strings.TrimFunc(id, isSpace)
}

// matched is an option as it stands in a line.
type matched struct {
	nameFrom, nameTo   int
	valueFrom, valueTo int
	hasEquals          bool
}

// matchOption finds "name = value", "name =" and "name".
func matchOption(line string) (matched, bool) {
	from := skipSpace(line, 0)
	to := from + nameLength(line[from:])
	if to == from {
		return matched{}, false
	}
	m := matched{nameFrom: from, nameTo: to, valueFrom: to, valueTo: to}
	equals := skipSpace(line, to)
	if equals == len(line) {
		return m, true
	}
	if line[equals] != '=' {
		return matched{}, false
	}
	a, b := trim(line[equals+1:])
	m.valueFrom, m.valueTo, m.hasEquals = equals+1+a, equals+1+b, true
	return m, true
}

// nameLength counts the bytes at the start of s that may stand in the name of
// an option.
func nameLength(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool {
		return r == '=' || r == '[' || r == ']' || isSpace(r)
	})
	if n < 0 {
		return len(s)
	}
	return n
}
