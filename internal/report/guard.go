package report

import (
	"bytes"
	"io"
	"unicode/utf8"

	"arclint/internal/pattern"
	"arclint/internal/prose"
)

// Guard stands before a terminal: whatever is written, no byte of a site acts
// there. Line ends, tabs and the colours of arclint pass; all else that is not to
// be seen is shown as prose.Safe shows it. The last piece of a character or of a
// colour is kept until the next Write or Flush.
type Guard struct {
	w    io.Writer
	held []byte
}

// NewGuard puts a guard before w.
func NewGuard(w io.Writer) *Guard { return &Guard{w: w} }

// ownColour is what arclint itself writes to colour a text: bold, faint, red,
// green, yellow, cyan, and back. Text cannot be hidden with these.
var ownColour = pattern.OnDemand(`^\x1b\[(?:(?:0|1|2|22|31|32|33|36|39)(?:;|m)){1,3}`)

const longestColour = 12 // bytes

// Write implements io.Writer. It gives the error of the terminal.
func (g *Guard) Write(p []byte) (int, error) {
	data := append(g.held, p...)
	g.held = nil
	var out bytes.Buffer
	for len(data) > 0 {
		n := g.pass(&out, data)
		if n == 0 {
			g.held = bytes.Clone(data)
			break
		}
		data = data[n:]
	}
	if _, err := g.w.Write(out.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush shows what is held: the end of the output is no beginning of a colour.
func (g *Guard) Flush() error {
	text := prose.Safe(string(g.held))
	g.held = nil
	_, err := io.WriteString(g.w, text)
	return err
}

// pass writes the first piece of the data as it may be shown, and says how long
// it was: 0 where more must be seen first.
func (g *Guard) pass(out *bytes.Buffer, data []byte) int {
	switch colour := ownColour().Find(data); {
	case data[0] == '\n':
		out.WriteByte('\n')
		return 1
	case data[0] == '\r' && len(data) > 1 && data[1] == '\n':
		out.WriteString("\r\n")
		return 2
	case len(colour) > 0 && colour[len(colour)-1] == 'm':
		out.Write(colour)
		return len(colour)
	case data[0] == '\r' && len(data) == 1, data[0] == 0x1b && len(data) < longestColour && unfinished(data[1:]), !utf8.FullRune(data):
		return 0
	}
	_, n := utf8.DecodeRune(data)
	out.WriteString(prose.Safe(string(data[:n])))
	return n
}

// unfinished says whether the bytes behind an escape may go on to be a colour.
func unfinished(rest []byte) bool {
	for i, c := range rest {
		if i == 0 && c == '[' || i > 0 && (c == ';' || '0' <= c && c <= '9') {
			continue
		}
		return false
	}
	return true
}
