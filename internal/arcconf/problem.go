package arcconf

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"arclint/internal/source"
)

const byteOrderMark = "\ufeff"

// notParsed says what a line that ARC drops was probably meant to be. section
// is the one above the line.
func notParsed(line Word, section *Section) Problem {
	p := Problem{Kind: NotParsed, Span: line.Span}
	from, to := trim(line.Text)
	switch text := line.Text[from:to]; {
	case text[0] == '#':
		p.Kind = IndentedComment
	case text[0] == ';':
		p.Kind = SemicolonComment
	case looksLikeHeader(text):
		p.Kind, p.Section = BrokenHeader, section
		p.Header, p.Detail = meantHeader(line.Sub(from, to))
	}
	return p
}

// looksLikeHeader says whether the author of a line that is no header meant
// one: it begins with an opening bracket, or its only bracket closes it.
func looksLikeHeader(text string) bool {
	text = strings.TrimPrefix(text, byteOrderMark)
	if strings.HasPrefix(text, "[") {
		return true
	}
	return strings.IndexAny(text, "[]=") == len(text)-1 && strings.HasSuffix(text, "]")
}

// meantHeader finds the name in a broken header and says what is wrong with it.
func meantHeader(line Word) (name Word, detail string) {
	rest, marked := strings.CutPrefix(line.Text, byteOrderMark)
	rest, opened := strings.CutPrefix(rest, "[")
	line = line.Sub(len(line.Text)-len(rest), len(line.Text))
	n := strings.IndexAny(rest, "[]")
	closed := n >= 0 && rest[n] == ']'
	switch {
	case !closed && n >= 0:
		return Word{}, "a second opening bracket"
	case !closed:
		n = nameLength(rest)
		detail = "no closing bracket"
	case !opened:
		detail = "no opening bracket"
	case !isBlank(rest[n+1:]):
		detail = "text after the closing bracket"
	case marked:
		detail = "a byte order mark before the opening bracket"
	default:
		return Word{}, "no name on one side of the colon"
	}
	if !isBlockName(rest[:n]) {
		return Word{}, detail
	}
	return line.Sub(0, n), detail
}

// fileProblems looks at the bytes of a file as a whole. Each kind is reported
// once, where it first occurs.
func fileProblems(f *source.File) []Problem {
	var found []Problem
	report := func(kind ProblemKind, from, to int, detail string) {
		found = append(found, Problem{Kind: kind, Span: source.Span{File: f, Start: from, End: to}, Detail: detail})
	}
	if bytes.HasPrefix(f.Data, []byte(byteOrderMark)) {
		report(ByteOrderMark, 0, len(byteOrderMark), "")
	}
	if at, count := notUTF8(f.Data); count > 0 {
		report(NotUTF8, at, at+1, fmt.Sprintf("byte 0x%02x, the first of %d", f.Data[at], count))
	}
	if at := bytes.IndexByte(f.Data, 0); at >= 0 {
		report(NulByte, at, at+1, "")
	}
	if at := loneCarriageReturn(f.Data); at >= 0 {
		report(CarriageReturn, at, at+1, "")
	}
	return found
}

// notUTF8 finds the first byte that is not part of UTF-8 and counts them all.
func notUTF8(data []byte) (first, count int) {
	if utf8.Valid(data) {
		return 0, 0
	}
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			if count == 0 {
				first = i
			}
			count++
		}
		i += n
	}
	return first, count
}

// loneCarriageReturn is the offset of the first \r that no \n follows, or -1.
func loneCarriageReturn(data []byte) int {
	for at := 0; ; at++ {
		n := bytes.IndexByte(data[at:], '\r')
		if n < 0 {
			return -1
		}
		at += n
		if at+1 == len(data) || data[at+1] != '\n' {
			return at
		}
	}
}
