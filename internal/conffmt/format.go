// Package conffmt puts the text of an arc.conf into one form, in which ARC reads
// the same: the blocks in ARC's order, the blanks as arc.conf.reference has them.
package conffmt

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/source"
)

// Format gives the text of a file, arc.conf or one of arc.conf.d, in one form.
// Formatted text stays as it is.
//
// Blocks come in the order of arc.conf.reference, those that no release knows
// behind the others (see rank for what counts to ARC). The order of options
// stays. Options are written name=value, one empty line stands between blocks.
// No value changes, and no comment but for the blanks at its end.
//
// A comment moves with the option or the header below it. Those at the end of a
// block stay there, those at the top of the file, with an empty line below
// them, on top.
//
// In a file of arc.conf.d, which confD says it is, a suppression directive on top
// is about the first block.
//
// It is an error, a *Error that names the line, if the file is not sound: ARC
// does not read it as it looks, so that the meant form cannot be known. So it is
// where blocks would have to move of which ARC 6 minds the order.
func Format(f *source.File, confD bool) ([]byte, error) {
	doc := arcconf.Parse(f)
	if err := refuse(doc); err != nil {
		return nil, err
	}
	p := readParts(doc, confD)
	sorted := slices.Clone(p.blocks)
	slices.SortStableFunc(sorted, func(a, b *block) int { return a.rank - b.rank })
	if err := refuseToMove(p.blocks, sorted); err != nil {
		return nil, err
	}
	p.blocks = sorted
	out := p.text()
	if !sameReading(doc, arcconf.Parse(source.New(f.Path, out))) {
		return nil, errors.New(f.Path + ": formatted it would be read otherwise, which is a fault of arclint: it is left as it is")
	}
	return out, nil
}

// parts is a file taken apart. A line is without its end; an empty one is "".
type parts struct {
	head   []string // comments on top of the file
	blocks []*block
	foot   []string // comments at the end of the file that belong to no block
}

type block struct {
	*arcconf.Section
	rank   int      // its place in ARC's order
	above  []string // comments directly above the header
	header string
	body   []string
}

// text puts the parts together, one empty line between them.
func (p parts) text() []byte {
	var b strings.Builder
	write := func(lines ...string) {
		if len(lines) == 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		for _, line := range lines {
			b.WriteString(line + "\n")
		}
	}
	write(squeeze(p.head)...)
	for _, blk := range p.blocks {
		write(slices.Concat(blk.above, []string{blk.header}, squeeze(blk.body))...)
	}
	write(squeeze(p.foot)...)
	return []byte(b.String())
}

// squeeze leaves one empty line where several stand, and none at either end.
func squeeze(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if line != "" || len(kept) > 0 && kept[len(kept)-1] != "" {
			kept = append(kept, line)
		}
	}
	if n := len(kept); n > 0 && kept[n-1] == "" {
		kept = kept[:n-1]
	}
	return kept
}

// rank is the place of a block in ARC's order; those of one rank keep the order
// in which they stand.
//
// ARC 7 orders blocks itself and keeps that of one kind, and ARC 6 minds no
// order but that of authgroups (arc-behaviour B3, C5), of userlists among them,
// as a rule looks only at lists that stand above it (hed/shc/legacy/LegacySecHandler.cpp),
// and what refuseToMove names.
func rank(name string) int {
	kind := kindOf(name)
	if kind == "userlist" {
		kind = "authgroup"
	}
	if i := slices.Index(arcref.BlockOrder(), kind); i >= 0 {
		return i
	}
	return len(arcref.BlockOrder())
}

func kindOf(name string) string {
	kind, _, _ := strings.Cut(name, ":")
	return kind
}

// sameReading says whether ARC reads the same in both, but for the order of
// blocks of different kinds, and no comment is lost.
func sameReading(before, after *arcconf.Document) bool {
	return len(after.Problems) == 0 && slices.Equal(held(before), held(after)) && slices.Equal(comments(before), comments(after))
}

// held is all that ARC holds, in ARC's order of blocks.
func held(d *arcconf.Document) []string {
	sections := slices.Clone(d.Sections)
	slices.SortStableFunc(sections, func(a, b *arcconf.Section) int { return rank(a.Name) - rank(b.Name) })
	var list []string
	for _, s := range sections {
		list = append(list, "["+s.Name+"]")
		for _, o := range s.Options {
			list = append(list, o.Name.Text, o.Value.Text)
		}
	}
	return list
}

func comments(d *arcconf.Document) []string {
	var list []string
	for _, c := range d.Comments {
		list = append(list, trimComment(c.Text))
	}
	slices.Sort(list)
	return list
}

func trimComment(line string) string { return strings.TrimRightFunc(line, unicode.IsSpace) }
