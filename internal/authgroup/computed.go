package authgroup

import (
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/source"
)

// Computed is a rule of which ARC works out the value in a way that arclint does not
// repeat: by a command, by Python, or by a reference to a reference (arc-behaviour C11).
type Computed struct {
	Keyword string
	At      source.Span // the value
	Why     string      // "ARC runs the command ... to know it"
}

// MayFail says whether some value of such a rule ends the group (arc-behaviour A7).
func (t *Computed) MayFail() bool {
	return slices.Contains([]string{"all", "file", "voms", "authtokens", "authtokensgen", "name"}, t.Keyword)
}

// Hidden is a part of a value that ARC computes, with the reason why nobody knows it
// here. It is "" for what is known.
type Hidden string

// line is an option with what ARC holds for it after it has put in what it computes.
type line struct {
	*arcconf.Option
	value  arcconf.Word
	hidden Hidden // why the value is not known; value is as written then
}

// lines are those of a block that the services see: none for an option that refers to
// nothing, several for one that refers to several values (arc-behaviour C11).
func (d *Document) lines(b *arcconf.Block) []line {
	var found []line
	for _, o := range active(b) {
		found = append(found, d.held(b, o)...)
	}
	return found
}

func (d *Document) held(b *arcconf.Block, o *arcconf.Option) []line {
	if !arcconf.Evaluates(o.Value.Text) {
		return []line{{Option: o, value: o.Value}}
	}
	var found []line
	for _, v := range d.work.Of(b, o) {
		l := line{Option: o, value: o.Value}
		if v.Origin == arcconf.Unresolved {
			l.hidden = Hidden(v.Reason)
		} else {
			l.value = arcconf.Word{Text: strings.TrimSpace(v.Text), Span: o.Value.Span, Computed: true}
		}
		found = append(found, l)
	}
	return found
}

// Hides says whether ARC computes a part of the list: it may name any group.
func (l *List) Hides() bool {
	return slices.ContainsFunc(l.Entries, func(e Entry) bool { return e.Hidden != "" })
}

// Hides says whether ARC computes of which group a line of [mapping] speaks.
func (m *Mapping) Hides() bool {
	return slices.ContainsFunc(m.Rules, func(r *MapRule) bool { return r.Hidden != "" && r.Group.Missing() })
}

// HidesUses says whether ARC computes any of the names that are places of Uses.
func (d *Document) HidesUses() bool {
	member := func(r Asking[*Computed]) bool { return r.Test.Keyword == "authgroup" }
	return slices.ContainsFunc(d.Lists, (*List).Hides) || d.Mapping != nil && d.Mapping.Hides() ||
		d.OverridesHidden() != "" || slices.ContainsFunc(Rules[*Computed](d), member)
}

// name is a word of a list of names.
type name struct {
	Field
	hidden Hidden // not "": the word, or several words, that ARC computes
}

// names are the words of a line. A part that ARC computes is one word, whatever blanks
// are in it.
func (l line) names() []name {
	var found []name
	for at := 0; l.hidden != "" && at < len(l.value.Text); {
		rest := l.value.Text[at:]
		plain := arcconf.Plain(rest)
		known := plain
		if len(plain) < len(rest) { // the word that the part stands in is not known
			known = plain[:strings.LastIndexFunc(plain, isBlank)+1]
		}
		for _, f := range words(l.value.Sub(at, at+len(known))) {
			found = append(found, name{Field: f})
		}
		if len(plain) == len(rest) {
			return found
		}
		from, to := at+len(known), at+len(plain)
		to += strings.IndexByte(l.value.Text[to:], '}') + 1
		for to < len(l.value.Text) && !isSpace(l.value.Text[to]) {
			to++
		}
		found, at = append(found, name{Field: fieldOf(l.value.Sub(from, to)), hidden: l.hidden}), to
	}
	if l.hidden == "" {
		for _, f := range words(l.value) {
			found = append(found, name{Field: f})
		}
	}
	return found
}

func isBlank(r rune) bool { return r < 0x80 && isSpace(byte(r)) }
