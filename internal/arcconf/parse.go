package arcconf

import (
	"strings"

	"arclint/internal/source"
)

// Parse gives what ARC holds after reading arc.conf and the given files of
// arc.conf.d, in that order. It never fails: what ARC drops or cannot read
// stands in Problems. A nil main counts as an empty file.
//
// ARC itself gives up on a file that is not UTF-8 (arc-behaviour C6). Parse
// reads on, so that one run shows all there is to see, and reports NotUTF8.
func Parse(main *source.File, confd ...*source.File) *Document {
	d := &Document{Main: main}
	blocks := &merger{doc: d, byName: map[string]*Block{}, budget: maxRepeatedOptions}
	if main != nil {
		blocks.replace(d.add(main))
	}
	for _, f := range confd {
		blocks.merge(d.add(f))
	}
	d.byName = blocks.byName
	d.index()
	return d
}

// add reads one file into d and gives its sections. What the sections mean for
// Blocks depends on where the file stands.
func (d *Document) add(f *source.File) []*Section {
	d.Files = append(d.Files, f)
	d.Problems = append(d.Problems, fileProblems(f)...)
	r := &reader{doc: d, file: f, text: string(f.Data), last: map[string]*Section{}}
	for from, to := range linesOf(r.text) {
		r.line(from, to)
	}
	for _, s := range r.sections {
		if s != r.last[s.Name] {
			s.ReplacedBy = r.last[s.Name]
		}
	}
	d.Sections = append(d.Sections, r.sections...)
	return r.sections
}

// merger makes blocks of sections.
type merger struct {
	doc    *Document
	byName map[string]*Block
	budget int // options that repeated headers may still add
}

// replace takes the sections of arc.conf: of several of one name the last takes
// the place of the others (arc-behaviour B4).
func (m *merger) replace(sections []*Section) {
	for _, s := range sections {
		b := m.block(s.Name)
		m.doc.Order = append(m.doc.Order, b)
		if s.ReplacedBy == nil {
			b.Sections = append(b.Sections, s)
			b.Options = append(b.Options, s.Options...)
		}
	}
}

// merge takes the sections of one file of arc.conf.d. ARC goes through the
// headers of the file and appends, for each, what it holds under that name: the
// options of the last section, once for every header (arc-behaviour C10).
func (m *merger) merge(sections []*Section) {
	for _, s := range sections {
		known := m.byName[s.Name] != nil
		b := m.block(s.Name)
		if !known {
			m.doc.Order = append(m.doc.Order, b)
		}
		if s.ReplacedBy != nil {
			m.repeat(b, s)
			continue
		}
		b.Sections = append(b.Sections, s)
		b.Options = append(b.Options, s.Options...)
	}
}

// maxRepeatedOptions bounds what repeated headers may add. A file of thousands
// of equal headers above thousands of options would otherwise fill the memory.
const maxRepeatedOptions = 1 << 20

// repeat adds once more the options of the section that replaces s.
func (m *merger) repeat(b *Block, s *Section) {
	again := s.ReplacedBy.Options
	if len(again) > m.budget {
		if m.budget > 0 {
			m.doc.Problems = append(m.doc.Problems, Problem{Kind: TooMany, Span: s.Line, Detail: "repeated options"})
		}
		m.budget = 0
		return
	}
	m.budget -= len(again)
	b.Options = append(b.Options, again...)
}

// block finds or makes the block of that name.
func (m *merger) block(name string) *Block {
	b := m.byName[name]
	if b == nil {
		b = &Block{Name: name}
		b.Kind, b.ID = splitKey(name)
		m.byName[name] = b
		m.doc.Blocks = append(m.doc.Blocks, b)
	}
	return b
}

// reader goes through the lines of one file.
type reader struct {
	doc      *Document
	file     *source.File
	text     string // of the file; every Word shares it
	sections []*Section
	last     map[string]*Section // the latest section of each name
}

func (r *reader) span(from, to int) source.Span {
	return source.Span{File: r.file, Start: from, End: to}
}

func (r *reader) word(from, to int) Word {
	return Word{Text: r.text[from:to], Span: r.span(from, to)}
}

// current is the section that the next option falls into, nil above the first
// header.
func (r *reader) current() *Section {
	if len(r.sections) == 0 {
		return nil
	}
	return r.sections[len(r.sections)-1]
}

// line reads the line between two offsets. The order of the questions is
// config.py's.
func (r *reader) line(from, to int) {
	text := r.text[from:to]
	if isComment(text) {
		r.doc.Comments = append(r.doc.Comments, r.word(from, to))
		return
	}
	if isBlank(text) {
		return
	}
	if a, b, ok := matchHeader(text); ok {
		r.header(r.word(from+a, from+b), r.span(from, to))
		return
	}
	if m, ok := matchOption(text); ok {
		r.option(m, from, to)
		return
	}
	r.problem(notParsed(r.word(from, to), r.current()))
}

func (r *reader) header(header Word, line source.Span) {
	s := &Section{Header: header, Name: blockKey(header.Text), Line: line}
	r.sections = append(r.sections, s)
	r.last[s.Name] = s
}

func (r *reader) option(m matched, from, to int) {
	section := r.current()
	if section == nil {
		r.problem(Problem{Kind: BeforeFirstBlock, Span: r.span(from, to)})
		return
	}
	section.Options = append(section.Options, &Option{
		Name:      r.word(from+m.nameFrom, from+m.nameTo),
		Value:     r.word(from+m.valueFrom, from+m.valueTo),
		HasEquals: m.hasEquals,
		Line:      r.span(from, to),
		Section:   section,
	})
}

// problem records p, unless p speaks of the first line and only its byte order
// mark keeps that line from being a comment or blank: then ByteOrderMark says
// enough.
func (r *reader) problem(p Problem) {
	rest, marked := strings.CutPrefix(p.Span.Text(), byteOrderMark)
	if marked && p.Span.Start == 0 && (isComment(rest) || isBlank(rest)) {
		return
	}
	r.doc.Problems = append(r.doc.Problems, p)
}
