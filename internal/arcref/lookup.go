package arcref

import "strings"

// Block finds a block by its kind ("authgroup") or its full name
// ("authgroup:a"), as config.py does: what stands before the first colon,
// without blanks around it, is the kind. Nil where the release does not know
// it, or r is nil.
func (r *Reference) Block(name string) *Block {
	if i := r.index(name); i >= 0 {
		return r.Blocks[i]
	}
	return nil
}

// index is the place of a block among the blocks, -1 for one that the release does
// not know. name may be full, as in Block.
func (r *Reference) index(name string) int {
	if r == nil {
		return -1
	}
	if kind, _, named := strings.Cut(name, ":"); named {
		name = strings.TrimSpace(kind)
	}
	for i, b := range r.Blocks {
		if b.Name == name {
			return i
		}
	}
	return -1
}

// Default is the value that ARC fills in for an option that a block of that
// kind does not have, verbatim: it may hold $VAR{}, $EXEC{} or $EVAL{}. It is
// false where the reference gives none or calls it undefined, and for an option
// that arc.parser.defaults lacks, because ARC then fills in nothing.
func (r *Reference) Default(kind, option string) (string, bool) {
	o := r.Block(kind).Option(option)
	if o == nil || !o.HasDefault || o.Unlisted {
		return "", false
	}
	return o.Default, true
}

// Option finds an option by name, without any rule prefix. Nil where the block
// does not have it, or b is nil.
func (b *Block) Option(name string) *Option {
	if b == nil {
		return nil
	}
	for _, o := range b.Options {
		if o.Name == name {
			return o
		}
	}
	return nil
}

// movedTo says where an option went that the block does not have any more.
func (b *Block) movedTo(name string) (Moved, bool) {
	if b != nil {
		for _, m := range b.Moved {
			if m.Name == name {
				return m, true
			}
		}
	}
	return Moved{}, false
}
