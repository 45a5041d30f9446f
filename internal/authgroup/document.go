// Package authgroup reads all lines of arc.conf that say who gets in: the rules
// of authgroups with the fields of authtokens and the expressions of
// authtokensgen, [mapping], the access lists and tokenscopes. It reads them as
// the services do (src/hed/shc/legacy, src/services/a-rex), each release for
// itself, faults included, and gives the place of every field.
//
// It is the only reader of these lines and decides nothing: whom a line lets in
// is for internal/access to say.
package authgroup

import (
	"slices"
	"sync"

	"arclint/internal/arcconf"
)

// Document is what arc.conf says of who gets in. It is not changed after Read.
type Document struct {
	Groups  []*Group
	Turns   []Turn   // in which ARC asks the groups
	Mapping *Mapping // nil: there is no block [mapping]
	Lists   []*List  // one for each block that may have an access list and is there
	Scopes  *Scopes  // [arex] tokenscopes

	// TooLarge says that there are more than MaxLines lines: nothing but Scopes
	// is read then.
	TooLarge bool

	conf    *arcconf.Document
	work    *arcconf.Lines
	dialect Dialect
	byName  map[string]*Group
	defined map[string]bool
	place   map[*Group]int // in arc.conf, of the first header
	last    map[*Group]int // of the last header, as far as it counts: the place of the group above it
	lists   map[string]*List
	names   []string
	size    int
	uses    func() []Use

	comments sync.Map // of options, where a comment behind the value begins
}

// Turn is a place of a group in arc.conf. A block of which the header is repeated is
// asked at each place, with the content of the last (arc-behaviour B4).
type Turn struct {
	*Group
	Again bool // the group was asked further up
}

// Dialect is what differs between releases when these lines are read.
type Dialect struct {
	Expressions  bool // authtokensgen is a rule (arc-behaviour A8)
	BareQuotes   bool // a quoted string of an expression ends as 7.0.0 ends it (arc-behaviour A11)
	NamePatterns bool // "~" of an expression tests the name of the claim (arc-behaviour A11)
	VOOfGroup    bool // vomsless_vo names an authgroup and its VO

	// Defaults are those of the options to which a value may refer; nil: there are none.
	Defaults arcconf.Defaults

	// Knows says whether the release knows a kind of block. An access list in
	// another one is not read: 7.x drops it, 6.17 does not start.
	Knows func(kind string) bool
}

// MaxLines bounds the rules, the lines of [mapping] and the names in access
// lists that are read. Sites have some hundred.
const MaxLines = 400_000

// JobsBlock is the block that gives the job interface, and its access list.
const JobsBlock = "arex/ws/jobs"

// Read takes the lines from what ARC holds of arc.conf. It never fails: a line
// that ARC does not know is a rule of its own kind.
func Read(conf *arcconf.Document, d Dialect) *Document {
	doc := &Document{conf: conf, dialect: d, work: arcconf.LinesOf(conf, d.Defaults)}
	doc.readScopes()
	left := MaxLines
	take := func() bool {
		left--
		doc.TooLarge = left < 0
		return left >= 0
	}
	doc.readGroups(take)
	doc.readMapping(take)
	doc.readLists(take)
	if doc.TooLarge {
		doc.Groups, doc.Turns, doc.Mapping, doc.Lists = nil, nil, nil, nil
	}
	doc.index()
	return doc
}

func (d *Document) readGroups(take func() bool) {
	for _, b := range d.conf.Kind("authgroup") {
		if !take() {
			return
		}
		g := &Group{Block: b, Name: b.ID}
		for _, l := range d.lines(b) {
			if take() {
				g.Rules = append(g.Rules, readRule(l, g, d.dialect))
			}
		}
		g.renamed = lastRename(g.Rules)
		d.Groups = append(d.Groups, g)
	}
	d.takeTurns(take)
}

// takeTurns puts the groups at their places. A group is asked again only if something
// can have changed: if it asks for members of other groups.
func (d *Document) takeTurns(take func() bool) {
	of, met := map[*arcconf.Block]*Group{}, map[*Group]bool{}
	for _, g := range d.Groups {
		of[g.Block] = g
	}
	for _, b := range d.conf.Order {
		g := of[b]
		if g == nil || met[g] && !g.asksGroups() {
			continue
		}
		if met[g] {
			for range g.Rules {
				if !take() {
					return
				}
			}
		}
		d.Turns = append(d.Turns, Turn{Group: g, Again: met[g]})
		met[g] = true
	}
}

func (g *Group) asksGroups() bool {
	return slices.ContainsFunc(g.Rules, func(r *Rule) bool { _, ok := r.Test.(*Groups); return ok })
}

func (d *Document) readMapping(take func() bool) {
	b := d.conf.Block("mapping")
	if b == nil {
		return
	}
	d.Mapping = &Mapping{Block: b}
	for _, l := range d.lines(b) {
		if m := readMapRule(l); m != nil && take() {
			d.Mapping.Rules = append(d.Mapping.Rules, m)
		}
	}
	for _, other := range d.conf.Order {
		if other != b {
			continue
		}
		if d.Mapping.Passes++; d.Mapping.Passes > 1 {
			for range d.Mapping.Rules {
				if !take() {
					return
				}
			}
		}
	}
}

func (d *Document) readLists(take func() bool) {
	for _, b := range d.conf.Blocks {
		if d.dialect.Knows != nil && !d.dialect.Knows(b.Kind) {
			continue
		}
		if l := d.readList(b, take); l != nil {
			d.Lists = append(d.Lists, l)
		}
	}
}

// Size is the number of lines and names of which a decision may look at each.
func (d *Document) Size() int { return d.size }

func (d *Document) count() int {
	n := len(d.Groups)
	for _, g := range d.Groups {
		n += len(g.Rules)
	}
	if d.Mapping != nil {
		n += len(d.Mapping.Rules)
	}
	for _, l := range d.Lists {
		n += len(l.Entries)
	}
	return n
}

// index makes the tables by which groups are found.
func (d *Document) index() {
	d.byName, d.defined, d.place = map[string]*Group{}, map[string]bool{}, map[*Group]int{}
	d.last = map[*Group]int{}
	d.lists, d.size, d.uses = map[string]*List{}, d.count(), sync.OnceValue(d.findUses)
	for _, l := range d.Lists {
		if d.lists[l.Block.Name] == nil {
			d.lists[l.Block.Name] = l
		}
	}
	above := -1
	for _, t := range d.Turns {
		if !t.Again {
			above++
		}
		d.last[t.Group] = above
	}
	for i, g := range d.Groups {
		d.place[g] = i
		d.names = append(d.names, g.Name)
		if d.byName[g.Name] == nil {
			d.byName[g.Name] = g
		}
		if renamed := g.Renamed(); renamed != nil {
			d.defined[renamed.To.Text] = true
		}
		if g.KeepsName() {
			d.defined[g.Name] = true
		}
	}
}

// active are the options that the services see, each once. A header repeated in
// arc.conf.d makes ARC see them several times, which changes nothing here.
func active(b *arcconf.Block) []*arcconf.Option {
	var found []*arcconf.Option
	seen := map[*arcconf.Option]bool{}
	for _, o := range b.Options {
		if !o.Ignored() && !seen[o] {
			seen[o] = true
			found = append(found, o)
		}
	}
	return found
}

// Group finds a group by the name in its header, nil if there is none.
func (d *Document) Group(name string) *Group { return d.byName[name] }

// Place is the place of a group among the groups, in ARC's order.
func (d *Document) Place(g *Group) int { return d.place[g] }

// Sees says whether a rule authgroup= of the group o may find members of g: g is asked
// before o is, at one of the places of o.
func (d *Document) Sees(o, g *Group) bool {
	return d.place[g] < d.place[o] || d.last[o] > d.place[o] && d.place[g] <= d.last[o] && g != o
}

// GroupNames are the names in the headers, in ARC's order.
func (d *Document) GroupNames() []string { return slices.Clip(d.names) }

// Defined says whether some block gives that group: under its header, or by a
// Rename in it, which counts for the rules below (arc-behaviour A8).
func (d *Document) Defined(name string) bool { return d.defined[name] }

// Renamed is the last Rename of the group, nil if there is none.
func (g *Group) Renamed() *Rename { return g.renamed }

func lastRename(rules []*Rule) *Rename {
	var last *Rename
	for _, r := range rules {
		if t, ok := r.Test.(*Rename); ok && t.To.Text != "" {
			last = t
		}
	}
	return last
}

// KeepsName says whether somebody may be a member under the name in the header: no
// Rename stands there, or a rule above the first one makes members.
func (g *Group) KeepsName() bool {
	for _, r := range g.Rules {
		if t, ok := r.Test.(*Rename); ok && t.To.Text != "" {
			return false
		}
		if r.Positive() {
			return true
		}
	}
	return true
}

// RenamedTo says whether a Rename gives the group one of these names.
func (g *Group) RenamedTo(names map[string]bool) bool {
	to := g.Renamed()
	return to != nil && names[to.To.Text]
}

// Rules gives the rules of all groups that ask T, in ARC's order.
func Rules[T Test](d *Document) []Asking[T] {
	var found []Asking[T]
	for _, g := range d.Groups {
		for _, r := range g.Rules {
			if t, ok := r.Test.(T); ok {
				found = append(found, Asking[T]{Rule: r, Test: t})
			}
		}
	}
	return found
}

// Asking is a rule and its test, typed.
type Asking[T Test] struct {
	*Rule
	Test T
}
