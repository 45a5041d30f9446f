package conf

import (
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/source"
)

// headerEdits turn a broken header into the header that was meant. A comment
// that stood behind it moves to a line of its own above.
func headerEdits(p arcconf.Problem) []source.Edit {
	header := "[" + p.Header.Text + "]"
	if i := strings.IndexByte(p.Span.Text(), '#'); i >= 0 {
		header = strings.TrimRight(p.Span.Text()[i:], " \t") + lineEnd(p.Span) + header
	}
	return []source.Edit{{Span: p.Span, New: header}}
}
