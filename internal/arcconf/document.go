// Package arcconf reads arc.conf and arc.conf.d as ARC's own reader does
// (src/utils/python/arc/utils/config.py). It knows the syntax and the merge
// only: which blocks and options mean something is the business of arcref.
package arcconf

import (
	"slices"

	"arclint/internal/source"
)

// Word is a piece of text and the place where it stands.
type Word struct {
	Text string
	Span source.Span

	Computed bool // ARC puts Text in the place of what is written there (arc-behaviour C11)
}

// Sub is the part of the word between two byte offsets of its text. One of a computed
// word stands where all of it does.
func (w Word) Sub(from, to int) Word {
	if w.Computed {
		return Word{Text: w.Text[from:to], Span: w.Span, Computed: true}
	}
	return Word{
		Text: w.Text[from:to],
		Span: source.Span{File: w.Span.File, Start: w.Span.Start + from, End: w.Span.Start + to},
	}
}

// Document is what ARC holds after reading: Blocks is its view, Sections is
// what the files say.
type Document struct {
	Main     *source.File   // arc.conf
	Files    []*source.File // arc.conf, then arc.conf.d in the order in which ARC reads it
	Sections []*Section     // every header as written, in reading order
	Blocks   []*Block       // after the merge, in the order of the first header of each name
	Order    []*Block       // as config.py writes them for the services: at each header of arc.conf, and those of arc.conf.d alone at the end (arc-behaviour B4)
	Comments []Word         // every line that begins with # in column 1, without its end, in reading order
	Problems []Problem      // lines that ARC drops or cannot read, file by file in reading order
	Unread   []string       // files of arc.conf.d with blocks whose names ARC passes over

	byName map[string]*Block // the blocks by config.py's key
	byRole map[string]*Block // the first block that the services take for a kind and an ID: "authgroup:a"
	byKind map[string][]*Block
}

// Section is one header and the options below it, as written.
//
// Name is the key that config.py gives the block. It takes blanks away after
// the first colon and at the end, and nowhere else: [authgroup: a ] is
// "authgroup:a", [ authgroup:a] is " authgroup:a" and [ common ] is " common ".
type Section struct {
	Header     Word   // the text between the brackets, verbatim
	Name       string // as config.py names the block: "authgroup:a"
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
//
// Name is config.py's key, blanks included (see Section). Kind and ID are what
// the services make of it when they read the merged configuration: blanks on
// either side of both are gone, so that [ authgroup :a] is of the kind
// "authgroup" with the ID "a" (arc-behaviour B5; hed/shc/legacy/ConfigParser.cpp).
// A name without a colon keeps its blanks in Kind, as ARC does not know it then.
//
// A header repeated within one file of arc.conf.d puts its last options into
// Options once for every repeat (arc-behaviour C10), so that an *Option may
// stand there more than once. It stands once in Sections.
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
	IndentedComment  ProblemKind = "indented-comment"   // not parsed, and its first word begins with #: only column 1 makes a comment (C1)
	SemicolonComment ProblemKind = "semicolon-comment"  // not parsed, and its first word begins with ; (C1)
	BeforeFirstBlock ProblemKind = "before-first-block" // an option above all headers: dropped
	BrokenHeader     ProblemKind = "broken-header"      // looks like a header, is not one: the lines below fall into the block above (arc-behaviour S8)
	NotUTF8          ProblemKind = "not-utf8"           // ARC's reader stops with a traceback (C6)
	ByteOrderMark    ProblemKind = "byte-order-mark"    // (C6)
	CarriageReturn   ProblemKind = "carriage-return"    // lines end in CR alone (C1, C5)
	NulByte          ProblemKind = "nul-byte"           // binary content
	Unreadable       ProblemKind = "unreadable"         // a file or directory of arc.conf.d that could not be read; Detail says why. ARC stops at such a file, a dangling link too, and passes over such a directory
	LinkLoop         ProblemKind = "link-loop"          // a directory link of arc.conf.d that leads back to where it stands; ARC reads the files again and again
	TooMany          ProblemKind = "too-many"           // arc.conf.d holds more than arclint reads; Detail says of what
)

// Problem is a fact about a line that ARC does not read as it looks.
type Problem struct {
	Kind   ProblemKind
	Span   source.Span
	Path   string // set where there is no span
	Detail string

	// Of a BrokenHeader only: the block name that its author seems to have meant
	// (zero if that cannot be seen), and the section into which the options
	// below fall (nil: there is none, they are dropped).
	Header  Word
	Section *Section
}

// Block finds a block by name ("authgroup:a"): the one that config.py calls so,
// else the first that the services take for it (see Block); nil if there is
// none.
func (d *Document) Block(name string) *Block {
	if b := d.exactly(name); b != nil {
		return b
	}
	return d.byRole[name]
}

// exactly finds a block by config.py's key.
func (d *Document) exactly(name string) *Block { return d.byName[name] }

// Kind lists the blocks of a kind ("authgroup") in ARC's order.
func (d *Document) Kind(kind string) []*Block { return slices.Clone(d.byKind[kind]) }

// index makes the tables by which blocks are found: one call for each line of a
// large arc.conf asks for a block.
func (d *Document) index() {
	d.byRole, d.byKind = map[string]*Block{}, map[string][]*Block{}
	for _, b := range d.Blocks {
		d.byKind[b.Kind] = append(d.byKind[b.Kind], b)
		if role := b.Kind + ":" + b.ID; b.ID != "" && d.byRole[role] == nil {
			d.byRole[role] = b
		}
	}
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
