package arcref

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"arclint/internal/pattern"
)

// Limits on a reference: several times what any release has.
const (
	maxReference = 1 << 20 // bytes; the largest has 153 kB
	maxEntries   = 1000    // blocks, and options of one block; the most are 38 and 37
)

// The marks of arc.conf.reference, as its own preamble and
// src/utils/python/arc/utils/reference.py define them.
var (
	blockLine   = pattern.OnDemand(`^#\s*\[\s*(\w[^:\[\]\s]*)\s*(:[^\[\]]+)?\]\s*$`)
	optionLine  = pattern.OnDemand(`^##\s+(\*?)([A-Za-z0-9_]+)\s+=\s`)
	exampleLine = pattern.OnDemand(`^#?(\w[^=\[\]#\s]*)\s*=`)
	listedLine  = pattern.OnDemand(`^#\w[^=\[\]#\s]*=`)
	movedLine   = pattern.OnDemand(`^CHANGE: MOVED\b.*\bto\s+\[([^\[\]\s]+)\]`)
	wasLine     = pattern.OnDemand(`^##\s+\*?\w+ = .*\(previously (\w+)`)
	wasHeading  = pattern.OnDemand(`^###\s+The \[([^\[\]:\s]+)[^\[\]]*\].*\bpreviously \[?([^\[\]()\s]+)`)
	removedLine = pattern.OnDemand(`^CHANGE: (REMOVED|DELETED|DEPRECATED)\b`)
)

// preambleEnd is the example that ends the preamble of every reference.
const preambleEnd = "#example_config_option=56"

// ParseReference reads the text of an arc.conf.reference. version is only
// stored.
//
// ARC reads its reference line by line and so gives an option that is absent
// from a block the values of a later block, and misses options whose example is
// wrong (arc-checks b5.7, b5.8). ParseReference reads it paragraph by
// paragraph: the first line and the examples name the option, and the marks
// between them are about that option alone. Option.Unlisted tells what ARC
// misses.
//
// It returns an error for a text that is not a reference: larger than 1 MiB,
// not UTF-8 (ARC stops on it too), without the example that ends the preamble,
// without any block, or with more than 1000 blocks or options of a block.
func ParseReference(version string, data []byte) (*Reference, error) {
	if len(data) > maxReference {
		return nil, fmt.Errorf("reference has %d bytes, want at most %d", len(data), maxReference)
	}
	if !utf8.Valid(data) {
		return nil, errors.New("reference is not UTF-8")
	}
	p := parser{ref: &Reference{Version: version}}
	inPreamble := true
	for line := range strings.Lines(string(data)) {
		if inPreamble {
			inPreamble = !strings.HasPrefix(line, preambleEnd)
			continue
		}
		p.line(strings.TrimRight(line, " \t\r\n"))
	}
	p.endParagraph()
	switch {
	case p.tooMany:
		return nil, fmt.Errorf("more than %d blocks, or options of one block, are described, want an arc.conf.reference", maxEntries)
	case inPreamble:
		return nil, fmt.Errorf("no line begins with %q, want an arc.conf.reference", preambleEnd)
	case len(p.ref.Blocks) == 0:
		return nil, errors.New("no block is described, want an arc.conf.reference")
	}
	return p.ref, nil
}

// parser holds the block and the paragraph that are being read.
type parser struct {
	ref   *Reference
	block *Block
	para  paragraph

	was     map[string]string // the old names of blocks, by the new ones
	tooMany bool              // something was left out because of maxEntries
}

// paragraph is what the text between two empty lines says about one option.
type paragraph struct {
	begun    bool
	facts    Option
	examples []example
	movedTo  string
	marked   bool // it carries a mark that only an option has
}

type example struct {
	name   string
	listed bool // in the form that ARC's extractor reads
}

func (p *parser) line(line string) {
	m := blockLine().FindStringSubmatch(line)
	switch {
	case m != nil:
		p.endParagraph()
		p.openBlock(m[1], m[2] != "")
	case line == "" || strings.HasPrefix(line, "###"):
		p.endParagraph()
		if m := wasHeading().FindStringSubmatch(line); m != nil {
			p.wasBlock(m[1], m[2])
		}
	case strings.HasPrefix(line, "##"):
		p.text(line)
	default:
		p.example(line)
	}
}

// wasBlock keeps the old name of a block that a heading announces.
func (p *parser) wasBlock(name, was string) {
	if p.was == nil {
		p.was = map[string]string{}
	}
	p.was[name] = was
}

func (p *parser) openBlock(name string, named bool) {
	if p.block = p.ref.Block(name); p.block != nil {
		return
	}
	if len(p.ref.Blocks) == maxEntries {
		p.tooMany = true
		return
	}
	p.block = &Block{
		Name: name, Named: named, Free: name == "custom", Was: p.was[name],
		Mandatory: slices.Contains([]string{"common", "mapping", "lrms", "arex", "infosys", "infosys/glue2"}, name),
	}
	p.ref.Blocks = append(p.ref.Blocks, p.block)
}

// text reads a line of description. Only the first line of a paragraph, or the
// first after an example, names an option: assignments deeper in the prose are
// not ARC's.
func (p *parser) text(line string) {
	if m := optionLine().FindStringSubmatch(line + " "); m != nil && (!p.para.begun || len(p.para.examples) > 0) {
		p.endParagraph()
		p.para.facts.Name, p.para.facts.Mandatory = m[2], m[1] != ""
	}
	if m := wasLine().FindStringSubmatch(line); m != nil {
		p.para.facts.Was = m[1]
	}
	p.para.begun = true
	text := strings.TrimLeft(line[2:], " \t")
	if m := movedLine().FindStringSubmatch(text); m != nil {
		p.para.movedTo = m[1]
	}
	p.para.facts.Deprecated = p.para.facts.Deprecated || removedLine().MatchString(text)
	p.para.marked = p.para.mark(text) || p.para.marked
}

// mark takes over one of the reference's marks and says whether it was one.
func (para *paragraph) mark(text string) bool {
	o := &para.facts
	key, rest, _ := strings.Cut(text, ":")
	switch {
	case text == "multivalued":
		o.Multivalued = true
	case text == "sequenced":
		o.Sequenced = true
	case key == "allowedvalues" && key != text:
		if o.Allowed = strings.Fields(rest); len(o.Allowed) == 0 {
			o.Allowed = nil
		}
	case key == "default" && key != text:
		o.Default = strings.TrimSpace(rest)
		o.HasDefault = o.Default != "undefined"
		if !o.HasDefault {
			o.Default = ""
		}
	default:
		return false
	}
	return true
}

func (p *parser) example(line string) {
	p.para.begun = true
	if m := exampleLine().FindStringSubmatch(line); m != nil {
		p.para.examples = append(p.para.examples, example{name: m[1], listed: listedLine().MatchString(line)})
	}
}

// endParagraph puts the option of the paragraph, if it has one, into the block.
func (p *parser) endParagraph() {
	para := p.para
	p.para = paragraph{}
	if p.block == nil {
		return
	}
	name := para.facts.Name
	if !para.marked && len(para.examples) == 0 {
		if name != "" && para.movedTo != "" {
			p.block.Moved = append(p.block.Moved, Moved{Name: name, Block: para.movedTo, Option: name})
		}
		return
	}
	if name != "" {
		p.add(para.facts, name, false)
	}
	for _, ex := range para.examples {
		p.add(para.facts, ex.name, ex.listed)
	}
}

// add enters an option under a name. The first description of a name holds, as
// in ARC; a later example may still list it.
func (p *parser) add(facts Option, name string, listed bool) {
	if o := p.block.Option(name); o != nil {
		o.Unlisted = o.Unlisted && !listed
		return
	}
	if len(p.block.Options) == maxEntries {
		p.tooMany = true
		return
	}
	o := facts
	o.Name, o.Unlisted = name, !listed
	o.Rule = p.block.Name == "authgroup"
	p.block.Options = append(p.block.Options, &o)
}
