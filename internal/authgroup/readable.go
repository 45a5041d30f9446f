package authgroup

import (
	"iter"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/source"
)

// Commented says whether a word of an option is one of what was meant as a comment
// behind the value. A line of thousands of names is looked through once.
func (d *Document) Commented(o *arcconf.Option, word Field) bool {
	start, known := d.comments.Load(o)
	if !known {
		start = len(o.Value.Span.File.Data)
		if comment, ok := o.InlineComment(); ok {
			start = comment.Span.Start
		}
		d.comments.Store(o, start)
	}
	return word.Span.Start >= start.(int)
}

// Readable are the lines of [mapping] in which a word can be read, whatever they
// name: something is wrong with one that does not name what can be read in it.
func (m *Mapping) Readable() map[string][]source.Span {
	return readable(func(yield func(*arcconf.Option) bool) {
		for _, r := range m.Rules {
			if !yield(r.Option) {
				return
			}
		}
	})
}

// Readable is the same of an access list.
func (l *List) Readable() map[string][]source.Span { return readable(slices.Values(l.Lines)) }

func readable(options iter.Seq[*arcconf.Option]) map[string][]source.Span {
	lines := map[string][]source.Span{}
	for o := range options {
		words := strings.FieldsFunc(o.Value.Text, func(r rune) bool { return strings.ContainsRune(" \t\"'{}", r) })
		slices.Sort(words)
		for _, word := range slices.Compact(words) {
			lines[word] = append(lines[word], o.Line)
		}
	}
	return lines
}
