package authgroup

import (
	"strings"

	"arclint/internal/arcconf"
)

// List is the access list of a block: the first entry of which the user is a
// member decides (arc-behaviour B1).
type List struct {
	Block   *arcconf.Block
	Lines   []*arcconf.Option // allowaccess and denyaccess, those that name nobody included
	Entries []Entry
}

// Entry is one group in an access list.
type Entry struct {
	Allow  bool // from allowaccess, not from denyaccess
	Group  Field
	Option *arcconf.Option

	// Hidden says why nobody knows here which groups ARC reads in its place; "" where
	// Group is one.
	Hidden Hidden
}

// Wonder is the question about an entry that ARC computes.
func (e Entry) Wonder() string {
	return "whether " + strings.TrimSpace(e.Option.Line.Text()) + " names a group of the client: " + string(e.Hidden)
}

// The options of an access list.
const (
	allow = "allowaccess"
	deny  = "denyaccess"
)

// OfList says whether an option of that name is a line of an access list.
func OfList(option string) bool { return option == allow || option == deny }

// Allows says whether the list has an entry that lets somebody in.
func (l *List) Allows() bool { return l.LastAllowed() >= 0 }

// LastAllowed is the place of the last entry that lets somebody in, -1 without one:
// no denial below it keeps anybody out.
func (l *List) LastAllowed() int {
	last := len(l.Entries) - 1
	for last >= 0 && !l.Entries[last].Allow {
		last--
	}
	return last
}

// readList reads the access list of a block; nil where the block has none and
// is not the one that needs it.
func (d *Document) readList(b *arcconf.Block, take func() bool) *List {
	l := &List{Block: b}
	for _, o := range d.lines(b) {
		if !OfList(o.Name.Text) {
			continue
		}
		l.Lines = append(l.Lines, o.Option)
		for _, group := range o.names() {
			if !take() {
				return l
			}
			l.Entries = append(l.Entries, Entry{Allow: o.Name.Text == allow, Group: group.Field, Option: o.Option, Hidden: group.hidden})
		}
	}
	if len(l.Entries) == 0 && b.Name != JobsBlock {
		return nil
	}
	return l
}

// List is the access list of a block, nil if it has none.
func (d *Document) List(block string) *List { return d.lists[block] }
