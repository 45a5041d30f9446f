package authgroup

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/source"
)

// Field is one field of a rule.
type Field struct {
	Text   string      // what ARC compares: without the quotes around it
	Span   source.Span // as written, quotes included; zero for a field that is not there
	Quoted bool

	Computed bool // ARC put it in the place of Span, or of a part of it (arc-behaviour C11)
}

// Any says whether the field matches every value.
func (f Field) Any() bool { return f.Text == "*" }

// Missing says whether the field is not there.
func (f Field) Missing() bool { return f.Span.IsZero() }

// Replace is the edit that puts text in the place of the field, quotes included. A field
// that ARC computes has no place of its own, and the edit none at all.
func (f Field) Replace(text string) source.Edit {
	if f.Computed {
		return source.Edit{}
	}
	return source.Edit{Span: f.Span, New: text}
}

func fieldOf(w arcconf.Word) Field { return Field{Text: w.Text, Span: w.Span, Computed: w.Computed} }

// split cuts a value as Arc::get_token does (hed/libs/common/StringConv.cpp):
// at spaces and at nothing else, so that a tab is part of a field
// (arc-behaviour A1). Where the rule takes quotes, a field that begins with a
// double quote goes to the next one, and the field after it may follow at once;
// a quote without a partner is a character as any other.
func split(w arcconf.Word, quotes bool) []Field {
	var fields []Field
	for at := 0; ; {
		at += len(w.Text[at:]) - len(strings.TrimLeft(w.Text[at:], " "))
		if at == len(w.Text) {
			return fields
		}
		if quotes && w.Text[at] == '"' {
			if n := strings.IndexByte(w.Text[at+1:], '"'); n >= 0 {
				inner := w.Sub(at+1, at+1+n)
				fields = append(fields, Field{Text: inner.Text, Span: w.Sub(at, at+n+2).Span, Quoted: true, Computed: w.Computed})
				at += n + 2
				continue
			}
		}
		end := len(w.Text)
		if n := strings.IndexByte(w.Text[at+1:], ' '); n >= 0 {
			end = at + 1 + n
		}
		fields = append(fields, fieldOf(w.Sub(at, end)))
		at = end
	}
}

// words cuts a value at white space of any kind, as the lists of allowaccess
// and the rules of [mapping] do (ConfigIni::NextArg, unixmap.cpp).
func words(w arcconf.Word) []Field {
	var fields []Field
	for at := 0; at < len(w.Text); {
		if isSpace(w.Text[at]) {
			at++
			continue
		}
		end := at
		for end < len(w.Text) && !isSpace(w.Text[end]) {
			end++
		}
		fields = append(fields, fieldOf(w.Sub(at, end)))
		at = end
	}
	return fields
}

// isSpace is C's isspace in the C locale.
func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// Sub is the part of the field between two byte offsets of its text, for a
// field whose text is as written.
func (f Field) Sub(from, to int) Field {
	if f.Computed {
		f.Text = f.Text[from:to]
		return f
	}
	start := f.Span.Start
	if f.Quoted {
		start++
	}
	return Field{Text: f.Text[from:to], Span: source.Span{File: f.Span.File, Start: start + from, End: start + to}}
}
