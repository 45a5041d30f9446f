package authgroup

import "arclint/internal/arcconf"

// List is the access list of a block: the first entry of which the user is a
// member decides (arc-behaviour B1).
type List struct {
	Block   *arcconf.Block
	Entries []Entry
}

// Entry is one group in an access list.
type Entry struct {
	Allow  bool // from allowaccess, not from denyaccess
	Group  Field
	Option *arcconf.Option
}

// readList reads the access list of a block; nil where the block has none and
// is not the one that needs it.
func readList(b *arcconf.Block, take func() bool) *List {
	l := &List{Block: b}
	for _, o := range active(b) {
		if name := o.Name.Text; name == "allowaccess" || name == "denyaccess" {
			for _, group := range words(o.Value) {
				if !take() {
					return l
				}
				l.Entries = append(l.Entries, Entry{Allow: name == "allowaccess", Group: group, Option: o})
			}
		}
	}
	if len(l.Entries) == 0 && b.Name != JobsBlock {
		return nil
	}
	return l
}

// List is the access list of a block, nil if it has none.
func (d *Document) List(block string) *List {
	for _, l := range d.Lists {
		if l.Block.Name == block {
			return l
		}
	}
	return nil
}
