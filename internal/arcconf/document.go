// Package arcconf reads arc.conf and arc.conf.d as ARC's own reader does
// (src/utils/python/arc/utils/config.py). It knows the syntax and the merge
// only: which blocks and options mean something is the business of arcref.
package arcconf

import "arclint/internal/source"

// Word is a piece of text and the place where it stands.
type Word struct {
	Text string
	Span source.Span
}

// Document is what ARC holds after reading: Blocks is its view, Sections is
// what the files say.
type Document struct {
	Main     *source.File   // arc.conf
	Files    []*source.File // arc.conf, then arc.conf.d in the order in which ARC reads it
	Sections []*Section     // every header as written, in reading order
	Blocks   []*Block       // after the merge, in the order of the first header of each name
	Problems []Problem      // lines that ARC drops or cannot read
}

// Section is one header and the options below it, as written.
type Section struct {
	Header     Word   // the text between the brackets, verbatim
	Name       string // as ARC names the block: "authgroup:a"
	Line       source.Span
	Options    []*Option
	ReplacedBy *Section // the later section of this name in the same file that takes its place; nil: in force
}

// Option is one line "name = value" as written. Value.Text has no blanks at
// either end; an option without "=" has an empty value and HasEquals false.
type Option struct {
	Name, Value Word
	HasEquals   bool
	Line        source.Span // the whole line without its end
	Section     *Section
}

// Block is one block as ARC holds it: the options of all sections in force, in
// ARC's order. The methods of a nil *Block answer as an empty block would.
type Block struct {
	Name     string     // "authgroup:a", "arex/ws/jobs"
	Kind     string     // "authgroup"
	ID       string     // "a", empty where the block has no name
	Sections []*Section // in force, in reading order
	Options  []*Option
}

// ProblemKind says why ARC does not read a line as its author meant it.
type ProblemKind string

// The kinds of problems that reading alone shows.
const (
	NotParsed        ProblemKind = "not-parsed"         // neither header, option nor comment: dropped with a warning
	BeforeFirstBlock ProblemKind = "before-first-block" // an option above all headers: dropped
	BrokenHeader     ProblemKind = "broken-header"      // looks like a header, is not one: the lines below fall into the block above (arc-behaviour S8)
	NotUTF8          ProblemKind = "not-utf8"           // ARC's reader stops with a traceback (C6)
	ByteOrderMark    ProblemKind = "byte-order-mark"    // (C6)
	CarriageReturn   ProblemKind = "carriage-return"    // lines end in CR alone (C1, C5)
	NulByte          ProblemKind = "nul-byte"           // binary content
	Unreadable       ProblemKind = "unreadable"         // a file of arc.conf.d that could not be read; Detail says why
)

// Problem is a fact about a line that ARC does not read as it looks.
type Problem struct {
	Kind   ProblemKind
	Span   source.Span
	Path   string // set where there is no span
	Detail string
}

// Block finds a block by ARC's name of it ("authgroup:a"); nil if there is none.
func (d *Document) Block(name string) *Block {
	for _, b := range d.Blocks {
		if b.Name == name {
			return b
		}
	}
	return nil
}

// Kind lists the blocks of a kind ("authgroup") in ARC's order.
func (d *Document) Kind(kind string) []*Block {
	var found []*Block
	for _, b := range d.Blocks {
		if b.Kind == kind {
			found = append(found, b)
		}
	}
	return found
}

// All lists the options of that name in ARC's order.
func (b *Block) All(name string) []*Option {
	if b == nil {
		return nil
	}
	var found []*Option
	for _, o := range b.Options {
		if o.Name.Text == name {
			found = append(found, o)
		}
	}
	return found
}

// First is the first option of that name, nil if there is none.
func (b *Block) First(name string) *Option {
	if all := b.All(name); len(all) > 0 {
		return all[0]
	}
	return nil
}

// Header is the header of the first section in force, zero for a nil block.
func (b *Block) Header() Word {
	if b == nil || len(b.Sections) == 0 {
		return Word{}
	}
	return b.Sections[0].Header
}
