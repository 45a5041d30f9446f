package arcconf

import (
	"fmt"
	"strings"
	"testing"

	"arclint/internal/source"
)

// outline writes down what ARC holds: every block with its options.
func outline(d *Document) string {
	var b strings.Builder
	for _, block := range d.Blocks {
		fmt.Fprintf(&b, "[%s]\n", block.Name)
		for _, o := range block.Options {
			fmt.Fprintf(&b, "%s=%s\n", o.Name.Text, o.Value.Text)
		}
	}
	return b.String()
}

// problems writes down each problem of a document, one a line.
func problems(d *Document) string {
	var b strings.Builder
	for _, p := range d.Problems {
		at := p.Path
		if at == "" {
			at = fmt.Sprintf("%d:%d", p.Span.Begin().Line, p.Span.Begin().Column)
		}
		fmt.Fprintf(&b, "%s %s", at, p.Kind)
		if p.Detail != "" {
			fmt.Fprintf(&b, ": %s", p.Detail)
		}
		if p.Header.Text != "" {
			fmt.Fprintf(&b, " (%s)", p.Header.Text)
		}
		if p.Section != nil {
			fmt.Fprintf(&b, " -> %s", p.Section.Name)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func parse(main string, confd ...string) *Document {
	var files []*source.File
	for i, text := range confd {
		files = append(files, source.New(fmt.Sprintf("/etc/arc.conf.d/%d.conf", i), []byte(text)))
	}
	return Parse(source.New("/etc/arc.conf", []byte(main)), files...)
}

// checkDocument tests what holds for every document, whatever the bytes.
func checkDocument(t *testing.T, d *Document) {
	t.Helper()
	inFile := map[*source.File]bool{}
	for _, f := range d.Files {
		inFile[f] = true
	}
	checkWord := func(what string, w Word, line source.Span) {
		if !inFile[w.Span.File] || w.Span.Text() != w.Text {
			t.Errorf("%s %q stands at %q", what, w.Text, w.Span.Text())
		}
		if w.Span.File != line.File || w.Span.Start < line.Start || w.Span.End > line.End {
			t.Errorf("%s %q stands outside its line %q", what, w.Text, line.Text())
		}
	}
	owner := map[*Option]*Section{}
	latest := map[string]*Section{} // of a name in a file
	for _, s := range d.Sections {
		checkWord("header", s.Header, s.Line)
		if s.Name != blockKey(s.Header.Text) || s.Name == "" {
			t.Errorf("section %q is named %q", s.Header.Text, s.Name)
		}
		latest[s.Line.Path()+"\x00"+s.Name] = s
		last := s.Line.End
		for _, o := range s.Options {
			if owner[o] != nil || o.Section != s {
				t.Errorf("option %q belongs to more than one section", o.Name.Text)
			}
			owner[o] = s
			checkOption(t, o, checkWord)
			if o.Line.File != s.Line.File || o.Line.Start < last {
				t.Errorf("option %q stands above what was read before it", o.Name.Text)
			}
			last = o.Line.End
		}
	}
	for _, s := range d.Sections {
		want := latest[s.Line.Path()+"\x00"+s.Name]
		if want == s {
			want = nil
		}
		if s.ReplacedBy != want {
			t.Errorf("section %q at line %d: ReplacedBy = %v, want %v", s.Name, s.Line.Begin().Line, s.ReplacedBy, want)
		}
	}
	checkBlocks(t, d)
	for _, c := range d.Comments {
		checkWord("comment", c, c.Span)
		if !strings.HasPrefix(c.Text, "#") || strings.ContainsAny(c.Text, "\r\n") {
			t.Errorf("comment %q", c.Text)
		}
	}
	for _, p := range d.Problems {
		if p.Span.IsZero() == (p.Path == "") {
			t.Errorf("problem %v has no place or two", p.Kind)
		}
		if p.Header.Text != "" {
			checkWord("broken header", p.Header, p.Span)
		}
	}
}

func checkOption(t *testing.T, o *Option, checkWord func(string, Word, source.Span)) {
	t.Helper()
	checkWord("name", o.Name, o.Line)
	checkWord("value", o.Value, o.Line)
	if o.Name.Text == "" || strings.ContainsAny(o.Name.Text, "=[] \t\r\n") {
		t.Errorf("option is named %q", o.Name.Text)
	}
	if o.Value.Text != strings.TrimFunc(o.Value.Text, isSpace) || strings.ContainsAny(o.Value.Text, "\r\n") {
		t.Errorf("value of %s is %q", o.Name.Text, o.Value.Text)
	}
	between := o.Line.Text()[o.Name.Span.End-o.Line.Start : o.Value.Span.Start-o.Line.Start]
	if o.HasEquals != strings.Contains(between, "=") {
		t.Errorf("HasEquals = %v in %q", o.HasEquals, o.Line.Text())
	}
	if c, ok := o.InlineComment(); ok {
		checkWord("inline comment", c, o.Value.Span)
	}
	if inner, ok := o.Enclosed(); ok {
		checkWord("enclosed", inner, o.Value.Span)
		if !o.Quoted() {
			t.Errorf("%q is enclosed but not quoted", o.Value.Text)
		}
	}
}

func checkBlocks(t *testing.T, d *Document) {
	t.Helper()
	seen := map[string]bool{}
	shown := map[*Section]bool{}
	for _, b := range d.Blocks {
		if seen[b.Name] || len(b.Sections) == 0 {
			t.Errorf("block %q stands twice or has no section", b.Name)
		}
		seen[b.Name] = true
		for _, s := range b.Sections {
			if s.Name != b.Name || s.ReplacedBy != nil || shown[s] {
				t.Errorf("block %q has the section %q twice, or it is not in force", b.Name, s.Name)
			}
			shown[s] = true
		}
		for _, o := range b.Options {
			if !shown[o.Section] || o.Section.Name != b.Name {
				t.Errorf("block %q has an option of section %q", b.Name, o.Section.Name)
			}
		}
	}
	for _, s := range d.Sections {
		if (s.ReplacedBy == nil) != shown[s] {
			t.Errorf("section %q is in force but in no block, or the other way round", s.Name)
		}
	}
}
