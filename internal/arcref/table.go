package arcref

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A table is a Reference as text: one line for a block or an option, five
// columns with tabs between them (block, option, default, allowed values,
// flags). "-" is an empty column, and the option of a block's own line.
const (
	noValue   = "-"
	undefined = "undefined"
	columns   = 5
)

// A flag is a property that is either there or not.
type flag struct {
	name string
	set  *bool
}

func (b *Block) flags() []flag {
	return []flag{{"named", &b.Named}, {"mandatory", &b.Mandatory}, {"free", &b.Free}}
}

func (o *Option) flags() []flag {
	return []flag{
		{"mandatory", &o.Mandatory}, {"multivalued", &o.Multivalued}, {"sequenced", &o.Sequenced},
		{"rule", &o.Rule}, {"deprecated", &o.Deprecated}, {"unlisted", &o.Unlisted},
	}
}

// WriteTable writes a reference as a table for internal/arcref/tables. It is an
// error if a text does not fit into a column.
func WriteTable(w io.Writer, ref *Reference) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# ARC %s: block, option, default, allowed values, flags. Made by internal/arcref/gen, do not edit.\n", ref.Version)
	for _, b := range ref.Blocks {
		if err := writeRow(out, b.Name, noValue, noValue, noValue, joinFlags(b.flags(), b.Was)); err != nil {
			return err
		}
		for _, o := range b.Options {
			if err := writeOption(out, b, o); err != nil {
				return err
			}
		}
		for _, m := range b.Moved {
			if err := writeRow(out, b.Name, m.Name, noValue, noValue, movedFlag+m.Block+" "+m.Option); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

func writeOption(w io.Writer, b *Block, o *Option) error {
	def, allowed := undefined, noValue
	if o.HasDefault {
		def = o.Default
	}
	if len(o.Allowed) > 0 {
		if allowed = strings.Join(o.Allowed, " "); allowed == noValue {
			return fmt.Errorf("[%s] %s allows only %q, which a table cannot say", b.Name, o.Name, noValue)
		}
	}
	return writeRow(w, b.Name, o.Name, def, allowed, joinFlags(o.flags(), o.Was))
}

const (
	movedFlag = "moved to "   // begins the flags of an option that is none any more
	wasFlag   = "previously " // begins the last flag of what had another name in ARC 5
)

func writeRow(w io.Writer, cells ...string) error {
	for _, c := range cells {
		if strings.ContainsAny(c, "\t\r\n") {
			return fmt.Errorf("%q does not fit into a column", c)
		}
	}
	_, err := fmt.Fprintln(w, strings.Join(cells, "\t"))
	return err
}

func joinFlags(flags []flag, was string) string {
	var names []string
	for _, f := range flags {
		if *f.set {
			names = append(names, f.name)
		}
	}
	if was != "" {
		names = append(names, wasFlag+was)
	}
	if len(names) == 0 {
		return noValue
	}
	return strings.Join(names, ",")
}

// parseTable reads what WriteTable wrote.
func parseTable(version, text string) (*Reference, error) {
	ref := &Reference{Version: version}
	var block *Block
	options := make([]Option, strings.Count(text, "\n")+1) // room for all, in one piece
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "# ") {
			continue
		}
		row, ok := cutRow(line)
		if !ok {
			return nil, fmt.Errorf("%q has not the %d columns of a table", line, columns)
		}
		if row.option == noValue {
			block = &Block{Name: row.block}
			ref.Blocks = append(ref.Blocks, block)
			if err := readFlags(row.flags, block.flags(), &block.Was); err != nil {
				return nil, err
			}
			continue
		}
		if block == nil || block.Name != row.block {
			return nil, fmt.Errorf("%q stands outside its block", line)
		}
		if err := block.readRow(row, &options[0]); err != nil {
			return nil, err
		}
		options = options[1:]
	}
	if block == nil {
		return nil, errors.New("table has no block")
	}
	return ref, nil
}

// row is one line of a table, cut at its tabs.
type row struct{ block, option, def, allowed, flags string }

func cutRow(line string) (r row, ok bool) {
	cells := [...]*string{&r.block, &r.option, &r.def, &r.allowed}
	for _, cell := range cells {
		if *cell, line, ok = strings.Cut(line, "\t"); !ok {
			return r, false
		}
	}
	r.flags = line
	return r, !strings.Contains(line, "\t")
}

// readRow reads a row of the block; an option goes to o.
func (b *Block) readRow(row row, o *Option) error {
	if to, ok := strings.CutPrefix(row.flags, movedFlag); ok {
		block, option, _ := strings.Cut(to, " ")
		b.Moved = append(b.Moved, Moved{Name: row.option, Block: block, Option: option})
		return nil
	}
	o.Name = row.option
	if row.def != undefined {
		o.Default, o.HasDefault = row.def, true
	}
	if row.allowed != noValue {
		o.Allowed = strings.Fields(row.allowed)
	}
	b.Options = append(b.Options, o)
	return readFlags(row.flags, o.flags(), &o.Was)
}

func readFlags(text string, flags []flag, was *string) error {
	if text == noValue {
		return nil
	}
	for name := range strings.SplitSeq(text, ",") {
		old, known := strings.CutPrefix(name, wasFlag)
		if known {
			*was = old
		}
		for _, f := range flags {
			if f.name == name {
				*f.set, known = true, true
			}
		}
		if !known {
			return fmt.Errorf("flag %q is unknown", name)
		}
	}
	return nil
}
