package arcconf

import (
	"strings"
	"testing"

	"arclint/internal/source"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name, fact string
		main       string
		confd      []string
		blocks     string // as outline writes them
		problems   string // as problems writes them
	}{
		{
			name: "blanks around everything", fact: "C5",
			main:   " [common] \t\n\thostname = \t ce.example.org \t\nx509_cert_dir=/a\n",
			blocks: "[common]\nhostname=ce.example.org\nx509_cert_dir=/a\n",
		},
		{
			name: "no line end at the end, CRLF", fact: "C5",
			main:   "[common]\r\nhostname=a b\r\n\r\nloglevel=3",
			blocks: "[common]\nhostname=a b\nloglevel=3\n",
		},
		{
			name: "CR alone ends lines", fact: "C5",
			main:     "# c\r[common]\rhostname=a\r",
			blocks:   "[common]\nhostname=a\n",
			problems: "1:4 carriage-return\n",
		},
		{
			name: "other separators are blanks within a line", fact: "C5",
			main:   "[common]\x1c\x0b\n\u00a0a\u2003=\u2028b\x0cc\u0085d\u0085\x1f\u3000\n",
			blocks: "[common]\na=b\x0cc\u0085d\n",
		},
		{
			name: "option without an equals sign has an empty value", fact: "C2",
			main:     "[arex/cache]\nshared\nx = \n = y\nallowaccess dune\n",
			blocks:   "[arex/cache]\nshared=\nx=\n",
			problems: "4:1 not-parsed\n5:1 not-parsed\n",
		},
		{
			name:     "the value begins after the first equals sign",
			main:     "[mapping]\na==b=c\nd=[e]\nf]=g\n",
			blocks:   "[mapping]\na==b=c\nd=[e]\n",
			problems: "4:1 not-parsed\n",
		},
		{
			name: "inline comments and quotes stay in the value", fact: "C3, C4",
			main:   "[arex/ws]\nwsurl=https://ce.example.org/arex # comment\ncontroldir=\"/a\"\n",
			blocks: "[arex/ws]\nwsurl=https://ce.example.org/arex # comment\ncontroldir=\"/a\"\n",
		},
		{
			name: "comments begin in column 1", fact: "C1",
			main:     "#a=b\n[common]\n #c=d\n # words of a comment\n;e=f\n; words\n\t#[g]\n",
			blocks:   "[common]\n#c=d\n;e=f\n",
			problems: "4:1 indented-comment\n6:1 semicolon-comment\n7:1 indented-comment\n",
		},
		{
			name: "options above the first header are dropped, in each file", fact: "C1",
			main: "a=b\n[common]\nc=d\n", confd: []string{"e=f\n[common]\ng=h\n"},
			blocks:   "[common]\nc=d\ng=h\n",
			problems: "1:1 before-first-block\n1:1 before-first-block\n",
		},
		{
			name: "the last of two headers of one name replaces the first", fact: "B4",
			main:   "[common]\na=1\n[mapping]\nb=2\n[common]\nc=3\n",
			blocks: "[common]\nc=3\n[mapping]\nb=2\n",
		},
		{
			name: "an empty repeat leaves an empty block", fact: "B4",
			main:   "[authgroup:x]\nall=yes\n[authgroup: x]\n",
			blocks: "[authgroup:x]\n",
		},
		{
			name: "spellings of a header", fact: "B5",
			main:   "[authgroup: a ]\nn=1\n[authgroup :b]\nn=2\n[ authgroup:c ]\nn=3\n[AuthGroup:d]\nn=4\n[authgroup:e f:g]\nn=5\n[ common ]\nn=6\n[x: ]\nn=7\n",
			blocks: "[authgroup:a]\nn=1\n[authgroup :b]\nn=2\n[ authgroup:c]\nn=3\n[AuthGroup:d]\nn=4\n[authgroup:e f:g]\nn=5\n[ common ]\nn=6\n[x: ]\nn=7\n",
		},
		{
			name: "the lines below a broken header fall into the block above", fact: "S8",
			main:   "[authgroup:users]\nsubject=/CN=a\n[authgroup:admins] # x\nsubject=/CN=b\n[authgroup:c\nd=e\n",
			blocks: "[authgroup:users]\nsubject=/CN=a\nsubject=/CN=b\nd=e\n",
			problems: "3:1 broken-header: text after the closing bracket (authgroup:admins) -> authgroup:users\n" +
				"5:1 broken-header: no closing bracket (authgroup:c) -> authgroup:users\n",
		},
		{
			name: "headers that are none", fact: "S8",
			main: "[a] b = c\n[]\n[:a]\n[a:]\n[[a]]\n[a[b]\n[a]]\nauthgroup:a]\n [common\n",
			problems: "1:1 broken-header: text after the closing bracket (a)\n" +
				"2:1 broken-header: no name on one side of the colon\n" +
				"3:1 broken-header: no name on one side of the colon\n" +
				"4:1 broken-header: no name on one side of the colon\n" +
				"5:1 broken-header: a second opening bracket\n" +
				"6:1 broken-header: a second opening bracket\n" +
				"7:1 broken-header: text after the closing bracket (a)\n" +
				"8:1 broken-header: no opening bracket (authgroup:a)\n" +
				"9:1 broken-header: no closing bracket (common)\n",
		},
		{
			name: "byte order mark before a header", fact: "C6",
			main:     "\ufeff[common]\na=b\n",
			problems: "1:1 byte-order-mark\n1:1 broken-header: a byte order mark before the opening bracket (common)\n2:1 before-first-block\n",
		},
		{
			name: "byte order mark before a comment", fact: "C6",
			main:     "\ufeff# comment\n[common]\na=b\n",
			blocks:   "[common]\na=b\n",
			problems: "1:1 byte-order-mark\n",
		},
		{
			name: "not UTF-8, in a comment too", fact: "C6",
			main:     "# Universit\xe4t\n[common]\na=\xfc\n",
			blocks:   "[common]\na=\xfc\n",
			problems: "1:12 not-utf8: byte 0xe4, the first of 2\n",
		},
		{
			name:     "NUL is a character like others",
			main:     "[common]\na=b\x00c\n",
			blocks:   "[common]\na=b\x00c\n",
			problems: "2:4 nul-byte\n",
		},
		{
			name: "arc.conf.d appends and never overrides", fact: "C10",
			main:   "[common]\nhostname=a\n[mapping]\n",
			confd:  []string{"[arex]\nx=1\n[common]\nhostname=b\n", "[common]\nhostname=c\n"},
			blocks: "[common]\nhostname=a\nhostname=b\nhostname=c\n[mapping]\n[arex]\nx=1\n",
		},
		{
			name: "a header repeated in one file of arc.conf.d: the last, twice", fact: "C10",
			main:   "[authgroup:a]\nsubject=/CN=main\n",
			confd:  []string{"[authgroup:a]\nsubject=/CN=a\n[authgroup:a]\nsubject=/CN=b\n"},
			blocks: "[authgroup:a]\nsubject=/CN=main\nsubject=/CN=b\nsubject=/CN=b\n",
		},
		{name: "nothing"},
		{name: "only blanks and comments", main: "\n \t\n#\n\u2003\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := parse(tt.main, tt.confd...)
			if diff := cmp.Diff(tt.blocks, outline(d)); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.problems, problems(d)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			checkDocument(t, d)
		})
	}
}

func TestParseNothing(t *testing.T) {
	d := Parse(nil)
	checkDocument(t, d)
	if len(d.Files)+len(d.Sections)+len(d.Blocks) != 0 || d.Block("common").First("hostname") != nil {
		t.Errorf("Parse(nil) = %+v, want an empty document", d)
	}
}

func TestComments(t *testing.T) {
	d := parse("# one\r\n[common] # no\n#two\n # three\n#", "#four \n")
	var got []string
	for _, c := range d.Comments {
		got = append(got, c.Text)
	}
	if diff := cmp.Diff([]string{"# one", "#two", "#", "#four "}, got); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
}

// The services name a block without the blanks that config.py keeps
// (arc-behaviour B5).
func TestBlockNames(t *testing.T) {
	d := parse("[ authgroup :a]\nn=1\n[authgroup:b]\nn=2\n[authgroup : b]\nn=3\n[ common ]\n[x: ]\n")
	for _, tt := range []struct{ ask, name, kind, id string }{
		{"authgroup:a", " authgroup :a", "authgroup", "a"},
		{" authgroup :a", " authgroup :a", "authgroup", "a"},
		{"authgroup:b", "authgroup:b", "authgroup", "b"},
		{"authgroup :b", "authgroup :b", "authgroup", "b"},
		{"common", "", "", ""},
		{" common ", " common ", " common ", ""},
		{"x: ", "x: ", "x", ""},
	} {
		var got Block
		if b := d.Block(tt.ask); b != nil {
			got = Block{Name: b.Name, Kind: b.Kind, ID: b.ID}
		}
		if diff := cmp.Diff(Block{Name: tt.name, Kind: tt.kind, ID: tt.id}, got); diff != "" {
			t.Errorf("Block(%q) (-want +got):\n%s", tt.ask, diff)
		}
	}
	if n := len(d.Kind("authgroup")); n != 3 {
		t.Errorf("Kind(authgroup) gives %d blocks, want 3", n)
	}
}

// Repeated headers of arc.conf.d multiply options; what a small file may make of
// that is bounded.
func TestRepeatedHeadersAreBounded(t *testing.T) {
	d := parse("", strings.Repeat("[a]\n", 5000)+strings.Repeat("b\n", 5000))
	if n := len(d.Block("a").Options); n > maxRepeatedOptions+5000 {
		t.Errorf("block has %d options", n)
	}
	if got := problems(d); !strings.Contains(got, string(TooMany)) || strings.Count(got, "\n") != 1 {
		t.Errorf("problems = %q, want one of the kind %s", got, TooMany)
	}
	checkDocument(t, d)
}

// An edit at the span of a word changes that word and no other byte.
func TestEditKeepsTheRest(t *testing.T) {
	const text = "\ufeff# é\r\n[common]\t# no\r  hostname =\u00a0old\u2003\r\n[common]\n\tx=\"y\" # z \n\n\n"
	d := parse(text)
	o := d.Block("common").First("x")
	inner, ok := o.InlineComment()
	if !ok {
		t.Fatal("no inline comment found")
	}
	got, err := source.Apply(d.Main, []source.Edit{
		{Span: o.Name.Span, New: "name"},
		{Span: source.Span{File: d.Main, Start: o.Value.Span.Start + len(`"y"`), End: inner.Span.End}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(strings.Replace(text, "\tx=", "\tname=", 1), ` # z`, "", 1)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
