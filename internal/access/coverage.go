package access

import (
	"iter"
	"slices"

	"arclint/internal/authgroup"
)

// coverage finds those among many tests that match whenever another one does, as
// far as their texts show (Covers). Each has a number, and they come in by it. A
// test is found by what it asks, so that it need not be compared with all.
type coverage struct {
	asking map[wanted][]int32
	masks  map[wantedKind][]byte // which fields are left open, as it occurs
	names  map[int32][]string    // of authgroup= tests
}

// wanted is what a test asks: a word, or the fields that it does not leave open.
type wanted struct {
	kind   wantedKind
	open   byte // a bit for each field that is *
	fields [5]string
}

type wantedKind byte

const (
	askNothing wantedKind = iota // all=yes
	askSubject
	askFile
	askTokens
	askVOMS
	askExpression
	askGroup // one name of several
)

func newCoverage() *coverage {
	return &coverage{asking: map[wanted][]int32{}, masks: map[wantedKind][]byte{}, names: map[int32][]string{}}
}

// add takes a test. Numbers may come again, and never fall.
func (c *coverage) add(t authgroup.Test, n int32) {
	if t, ok := t.(*authgroup.Groups); ok {
		for _, name := range t.Names {
			c.name(name.Text, n)
		}
		return
	}
	a, ok := whatAsks(t)
	if !ok {
		return
	}
	if c.put(a, n); !slices.Contains(c.masks[a.kind], a.open) {
		c.masks[a.kind] = append(c.masks[a.kind], a.open)
	}
}

// name says that members of the group of that name are covered.
func (c *coverage) name(group string, n int32) {
	c.put(wanted{kind: askGroup, fields: [5]string{group}}, n)
	c.names[n] = append(c.names[n], group)
}

func (c *coverage) put(a wanted, n int32) {
	if list := c.asking[a]; len(list) == 0 || list[len(list)-1] != n {
		c.asking[a] = append(list, n)
	}
}

// whatAsks says what a test asks; ok is false for one that covers nothing.
func whatAsks(t authgroup.Test) (a wanted, ok bool) {
	word := func(kind wantedKind, text string) wanted { return wanted{kind: kind, fields: [5]string{text}} }
	switch t := t.(type) {
	case *authgroup.All:
		return wanted{}, t.Yes()
	case *authgroup.Subject:
		return word(askSubject, t.DN.Text), true
	case *authgroup.File:
		return word(askFile, t.Path.Text), true
	case *authgroup.Expression:
		return word(askExpression, t.Text.Text), t.Err == nil
	case *authgroup.Tokens:
		return inFields(askTokens, t.Fields()), t.Missing == ""
	case *authgroup.VOMS:
		return inFields(askVOMS, t.Fields()), t.Sound()
	}
	return wanted{}, false
}

func inFields(kind wantedKind, fields []authgroup.Field) wanted {
	a := wanted{kind: kind}
	for i, f := range fields {
		if a.fields[i] = f.Text; f.Any() {
			a.open, a.fields[i] = a.open|1<<i, ""
		}
	}
	return a
}

// covering are the numbers of the tests that cover the test, in lists of which
// each rises.
func (c *coverage) covering(t authgroup.Test) iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		if all := c.asking[wanted{}]; len(all) > 0 && !yield(all) {
			return
		}
		if t, ok := t.(*authgroup.Groups); ok {
			yield(c.naming(t))
			return
		}
		a, ok := whatAsks(t)
		if !ok || a.kind == askNothing {
			return
		}
		for _, open := range c.masks[a.kind] {
			wider := a
			if wider.open = open; a.open&^open != 0 {
				continue // asks for something where the test does not
			}
			for i := range wider.fields {
				if open&(1<<i) != 0 {
					wider.fields[i] = ""
				}
			}
			if list := c.asking[wider]; len(list) > 0 && !yield(list) {
				return
			}
		}
	}
}

// naming are the numbers of the authgroup= tests that have all names of a test.
func (c *coverage) naming(t *authgroup.Groups) []int32 {
	var rarest []int32
	for i, name := range t.Names {
		if list := c.asking[wanted{kind: askGroup, fields: [5]string{name.Text}}]; i == 0 || len(list) < len(rarest) {
			rarest = list
		}
	}
	if len(t.Names) == 1 {
		return rarest
	}
	var all []int32
	for _, n := range rarest {
		if !slices.ContainsFunc(t.Names, func(f authgroup.Field) bool { return !slices.Contains(c.names[n], f.Text) }) {
			all = append(all, n)
		}
	}
	return all
}

// first is the least number of a test that covers the test; ok is false where none
// does.
func (c *coverage) first(t authgroup.Test) (n int32, ok bool) {
	for list := range c.covering(t) {
		if len(list) > 0 && (!ok || list[0] < n) {
			n, ok = list[0], true
		}
	}
	return n, ok
}

// addRule takes a rule whose test makes it match, or that matches everybody.
func (c *coverage) addRule(r *authgroup.Rule, n int32) {
	if r.Everybody() {
		c.put(wanted{}, n)
	} else {
		c.add(r.Test, n)
	}
}
