package gridsec

import (
	"fmt"
	"regexp"
	"strings"
)

type translation int

const (
	translated     translation = iota
	malformed                  // regcomp refuses it
	untranslatable             // Go has nothing like it
)

// translate writes a POSIX extended regular expression, as the GNU C library
// reads it, in Go's syntax. Differences that matter: a backslash makes the next
// character plain, save a few GNU operators; "*" and its like may follow each
// other but not begin an expression; a ")" alone is plain; bytes are characters.
func translate(pattern string) (string, translation) {
	t := translator{in: pattern}
	t.out.WriteString("(?s)")
	for t.at < len(t.in) {
		if verdict := t.step(); verdict != translated {
			return "", verdict
		}
	}
	if t.depth > 0 {
		return "", malformed
	}
	return t.out.String(), translated
}

type translator struct {
	in        string
	at        int
	out       strings.Builder
	depth     int
	atom      int   // offset in out of the last atom, for a repetition; only where canRepeat
	opens     []int // offsets in out of the open groups
	canRepeat bool
}

func (t *translator) step() translation {
	c := t.in[t.at]
	switch c {
	case '\\':
		return t.escape()
	case '[':
		return t.bracket()
	case '(':
		t.at++
		t.depth++
		t.opens = append(t.opens, t.out.Len())
		t.out.WriteByte('(')
		t.canRepeat = false
	case ')':
		t.at++
		if t.depth == 0 {
			t.emit(`\)`)
			break
		}
		t.depth--
		t.out.WriteByte(')')
		t.atom, t.opens = t.opens[t.depth], t.opens[:t.depth]
		t.canRepeat = true
	case '|':
		t.at++
		t.out.WriteByte('|')
		t.canRepeat = false
	case '^', '$':
		t.at++
		t.out.WriteString(map[byte]string{'^': `\A`, '$': `\z`}[c])
		t.canRepeat = false
	case '*', '+', '?':
		t.at++
		return t.repeat(string(c))
	case '{':
		return t.interval()
	case '.':
		t.at++
		t.emit(".")
	default:
		t.at++
		t.emit(regexp.QuoteMeta(string(c)))
	}
	return translated
}

func (t *translator) emit(atom string) {
	t.atom, t.canRepeat = t.out.Len(), true
	t.out.WriteString(atom)
}

// repeat puts the atom in a group of its own, because Go refuses "a**".
func (t *translator) repeat(operator string) translation {
	if !t.canRepeat {
		return malformed
	}
	out := t.out.String()
	t.out.Reset()
	t.out.WriteString(out[:t.atom] + "(?:" + out[t.atom:] + ")" + operator)
	return translated
}

func (t *translator) interval() translation {
	end := strings.IndexByte(t.in[t.at:], '}')
	if end < 0 || !t.canRepeat {
		return malformed
	}
	body := t.in[t.at+1 : t.at+end]
	low, high, ranged := strings.Cut(body, ",")
	if !isNumber(low) && !(ranged && low == "") || high != "" && !isNumber(high) {
		return malformed
	}
	if low == "" {
		low = "0"
	}
	t.at += end + 1
	switch {
	case !ranged:
		return t.repeat("{" + low + "}")
	default:
		return t.repeat(fmt.Sprintf("{%s,%s}", low, high))
	}
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func (t *translator) escape() translation {
	if t.at+1 == len(t.in) {
		return malformed
	}
	c := t.in[t.at+1]
	t.at += 2
	switch {
	case strings.IndexByte("123456789", c) >= 0, strings.IndexByte("<>bB`'", c) >= 0:
		return untranslatable
	case c == 'w':
		t.emit(`[0-9A-Za-z_]`)
	case c == 'W':
		t.emit(`[^0-9A-Za-z_]`)
	case c == 's':
		t.emit(`[\t-\r ]`)
	case c == 'S':
		t.emit(`[^\t-\r ]`)
	default:
		t.emit(regexp.QuoteMeta(string(c)))
	}
	return translated
}

// bracket translates [...]: a backslash is plain in it.
func (t *translator) bracket() translation {
	at := t.at + 1
	set := "["
	if at < len(t.in) && t.in[at] == '^' {
		set, at = "[^", at+1
	}
	for first := true; ; first = false {
		if at >= len(t.in) {
			return malformed
		}
		c := t.in[at]
		switch {
		case c == ']' && !first:
			t.at = at + 1
			t.emit(set + "]")
			return translated
		case c == '[' && at+1 < len(t.in) && t.in[at+1] == ':':
			end := strings.Index(t.in[at:], ":]")
			if end < 0 || !posixClasses[t.in[at:at+end+2]] {
				return malformed
			}
			set += t.in[at : at+end+2]
			at += end + 2
		case c == '[' && at+1 < len(t.in) && (t.in[at+1] == '.' || t.in[at+1] == '='):
			return untranslatable
		default:
			low, high := c, c
			at++
			if at+1 < len(t.in) && t.in[at] == '-' && t.in[at+1] != ']' {
				if high = t.in[at+1]; high == '[' {
					return untranslatable
				}
				at += 2
			}
			if low > high {
				return malformed
			}
			set += fmt.Sprintf(`\x%02x-\x%02x`, low, high)
		}
	}
}

var posixClasses = map[string]bool{
	"[:alpha:]": true, "[:digit:]": true, "[:alnum:]": true, "[:upper:]": true, "[:lower:]": true, "[:space:]": true,
	"[:blank:]": true, "[:punct:]": true, "[:print:]": true, "[:graph:]": true, "[:cntrl:]": true, "[:xdigit:]": true,
}
