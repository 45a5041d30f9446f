package arcconf

import (
	"fmt"
	"strings"
	"testing"

	"arclint/internal/source"
)

// FuzzParse tests what holds whatever the bytes: see checkDocument. Also, no
// line is lost: each is blank, a comment, a header, an option or a problem.
func FuzzParse(f *testing.F) {
	f.Add([]byte("[common]\nhostname = a # b\n"), []byte("[common]\nc\n[common]\n"))
	f.Add([]byte("\ufeff[a] # x\r\r\n\x1c[ b :\u2003c ]\u0085\nd=\"e\""), []byte("\xff[x]\x00\n ; y z\n #\n[:]"))
	f.Add([]byte("a=$VAR{[b]c}$EVAL{1}\n"), []byte("[x]\na=$VAR{a}\nb=$VAR{a}$EXEC{c}\n"))
	f.Fuzz(func(t *testing.T, main, extra []byte) {
		d := Parse(source.New("/main", main), source.New("/extra", extra))
		checkDocument(t, d)
		checkLines(t, d)
		for _, b := range d.Blocks[:min(len(d.Blocks), 10)] {
			for _, o := range b.Options[:min(len(b.Options), 10)] {
				d.Values(b.Name, o.Name.Text, nil)
			}
		}
	})
}

func checkLines(t *testing.T, d *Document) {
	t.Helper()
	known := map[source.Span]bool{}
	for _, c := range d.Comments {
		known[c.Span] = true
	}
	for _, p := range d.Problems {
		known[p.Span] = true
	}
	for _, s := range d.Sections {
		known[s.Line] = true
		for _, o := range s.Options {
			known[o.Line] = true
		}
	}
	for _, f := range d.Files {
		for from, to := range linesOf(string(f.Data)) {
			line := source.Span{File: f, Start: from, End: to}
			text := strings.TrimPrefix(line.Text(), byteOrderMark)
			if !known[line] && strings.TrimFunc(text, isSpace) != "" && text[0] != '#' {
				t.Errorf("line %q is lost", line.Text())
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, "# queue %d\n[queue:q%d]\ncomment = A queue # %d\nallowaccess=users\nallowaccess=admins\n\n", i, i, i)
	}
	f := source.New("/etc/arc.conf", []byte(text.String()))
	b.SetBytes(int64(len(f.Data)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(f)
	}
}
