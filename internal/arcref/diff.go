package arcref

import "slices"

// Changes is the difference of two references. A block or an option that both
// have alike does not stand in it.
type Changes struct {
	From, To string // the versions of the two
	Blocks   []BlockChange
}

// BlockChange is a block of which something differs.
type BlockChange struct {
	Name     string
	Old, New *Block         // nil where the reference does not have it; never both
	Options  []OptionChange // of a block that both have; those of an added or removed one stand in it
}

// OptionChange is an option of a block that both references have.
//
// Old and New are what the references say. An option that only ARC's code
// proves (see WithCode) is not in the reference: then that side is nil, and
// ReadBy names the ARC file that reads the option there all the same.
type OptionChange struct {
	Name     string
	Old, New *Option // nil where the reference does not have it; never both
	ReadBy   string
	Moved    *Moved // where the reference without the option says that it stands, nil if it does not
}

// FlagChange is a property that one side has and the other does not.
type FlagChange struct {
	Flag string // "named", "mandatory"; of an option "mandatory", "multivalued", "sequenced", "deprecated", "unlisted"
	Set  bool   // the new side has it
}

// Diff compares two references. Blocks come in ARC's order: that of the new
// reference, with each removed block behind the one that it followed. Options
// come in the order of the new block, then the removed ones in that of the old.
// The order itself is not compared, nor that of allowed values. A nil reference
// has no blocks.
func Diff(from, to *Reference) Changes {
	c := Changes{From: from.version(), To: to.version()}
	for _, name := range mergedOrder(from.names(), to.names()) {
		b := BlockChange{Name: name, Old: from.Block(name), New: to.Block(name)}
		if b.Old != nil && b.New != nil {
			b.Options = diffOptions(b.Old, b.New)
		}
		if b.Old == nil || b.New == nil || len(b.Options) > 0 || len(b.Flags()) > 0 {
			c.Blocks = append(c.Blocks, b)
		}
	}
	return c
}

// Empty says whether the references do not differ.
func (c Changes) Empty() bool { return len(c.Blocks) == 0 }

func diffOptions(from, to *Block) []OptionChange {
	var found []OptionChange
	for _, n := range to.Documented() {
		o := documented(from.Option(n.Name))
		c := OptionChange{Name: n.Name, Old: o, New: n}
		if o == nil {
			c.ReadBy, c.Moved = from.insteadOf(n.Name)
		}
		if o == nil || c.changed() {
			found = append(found, c)
		}
	}
	for _, o := range from.Documented() {
		if documented(to.Option(o.Name)) == nil {
			c := OptionChange{Name: o.Name, Old: o}
			c.ReadBy, c.Moved = to.insteadOf(o.Name)
			found = append(found, c)
		}
	}
	return found
}

// insteadOf is what a block without that option knows of it.
func (b *Block) insteadOf(name string) (readBy string, moved *Moved) {
	if o := b.Option(name); o != nil {
		readBy = o.Source
	}
	if m, ok := b.movedTo(name); ok {
		moved = &m
	}
	return readBy, moved
}

// Documented lists the options that the reference itself has, without those
// that only ARC's code proves.
func (b *Block) Documented() []*Option {
	var found []*Option
	for _, o := range b.Options {
		if documented(o) != nil {
			found = append(found, o)
		}
	}
	return found
}

// documented is o, or nil where the reference is silent about it.
func documented(o *Option) *Option {
	if o != nil && o.Unlisted && o.Source != "" {
		return nil
	}
	return o
}

// Flags are the properties that the old and the new block do not share; none of
// an added or removed block.
func (c BlockChange) Flags() []FlagChange {
	if c.Old == nil || c.New == nil {
		return nil
	}
	return diffFlags(c.Old.flags(), c.New.flags())
}

// Flags are the properties that the old and the new option do not share; none
// of an added or removed option.
func (c OptionChange) Flags() []FlagChange {
	if c.Old == nil || c.New == nil {
		return nil
	}
	return diffFlags(c.Old.flags(), c.New.flags())
}

func diffFlags(from, to []flag) []FlagChange {
	var found []FlagChange
	for i, f := range from {
		if *f.set != *to[i].set {
			found = append(found, FlagChange{Flag: f.name, Set: *to[i].set})
		}
	}
	return found
}

// DefaultChanged says whether both sides have the option with different
// defaults, or one of them with none.
func (c OptionChange) DefaultChanged() bool {
	return c.Old != nil && c.New != nil && c.Old.DefaultText() != c.New.DefaultText()
}

// DefaultText is the default as the reference writes it: "undefined" for none.
func (o *Option) DefaultText() string {
	if !o.HasDefault {
		return undefined
	}
	return o.Default
}

// Allowed gives the values that only the new and only the old side lists; none
// of an added or removed option. A side without a list allows every value.
func (c OptionChange) Allowed() (added, removed []string) {
	if c.Old == nil || c.New == nil {
		return nil, nil
	}
	return without(c.New.Allowed, c.Old.Allowed), without(c.Old.Allowed, c.New.Allowed)
}

// without is the values of list that others lacks.
func without(list, others []string) []string {
	var left []string
	for _, v := range list {
		if !slices.Contains(others, v) && !slices.Contains(left, v) {
			left = append(left, v)
		}
	}
	return left
}

func (c OptionChange) changed() bool {
	added, removed := c.Allowed()
	return c.DefaultChanged() || len(added)+len(removed)+len(c.Flags()) > 0
}
