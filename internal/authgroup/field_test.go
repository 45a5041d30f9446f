package authgroup

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/arcconf"
	"arclint/internal/source"
)

func word(text string) arcconf.Word {
	f := source.New("/etc/arc.conf", []byte(text))
	return arcconf.Word{Text: text, Span: source.Span{File: f, End: len(text)}}
}

func texts(fields []Field) []string {
	var list []string
	for _, f := range fields {
		list = append(list, f.Text+"|"+f.Span.Text())
	}
	return list
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		text   string
		quotes bool
		want   []string
	}{
		{"", true, nil},
		{"   ", true, nil},
		{" a  b ", true, []string{"a|a", "b|b"}},
		{"a\tb c", true, []string{"a\tb|a\tb", "c|c"}},
		{`"a b" c`, true, []string{`a b|"a b"`, "c|c"}},
		{`"a""b"c`, true, []string{`a|"a"`, `b|"b"`, "c|c"}},
		{`"" a`, true, []string{`|""`, "a|a"}},
		{`"a b`, true, []string{`"a|"a`, "b|b"}},
		{`a"b c"`, true, []string{`a"b|a"b`, `c"|c"`}},
		{`"a b"`, false, []string{`"a|"a`, `b"|b"`}},
	} {
		if diff := cmp.Diff(tt.want, texts(split(word(tt.text), tt.quotes))); diff != "" {
			t.Errorf("split(%q, %v) (-want +got):\n%s", tt.text, tt.quotes, diff)
		}
	}
	if diff := cmp.Diff([]string{"a|a", `"b|"b`, `c"|c"`}, texts(words(word(" a\t\"b  c\"\v")))); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}
