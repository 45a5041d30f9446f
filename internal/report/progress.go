package report

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mattn/go-isatty"

	"arclint/internal/prose"
)

// Progress shows on a terminal how far a long piece of work is, and nothing in
// a pipe.
type Progress struct {
	w           io.Writer // nil: not a terminal
	done, total int
}

const barWidth = 20

// NewProgress makes a bar of total steps on w, if w is a terminal.
func NewProgress(w io.Writer, total int) *Progress {
	p := &Progress{total: total}
	if f, ok := w.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		p.w = w
	}
	return p
}

// Step says what is being done now.
func (p *Progress) Step(what string) {
	if p.w == nil {
		return
	}
	filled := barWidth * p.done / max(p.total, 1)
	// A bar that cannot be drawn is no reason to stop the work.
	_, _ = fmt.Fprintf(p.w, "\r\x1b[K[%s%s] %d/%d %s", strings.Repeat("#", filled), strings.Repeat(".", barWidth-filled), p.done, p.total, prose.Safe(what))
	p.done++
}

// Done takes the bar away.
func (p *Progress) Done() {
	if p.w != nil {
		_, _ = io.WriteString(p.w, "\r\x1b[K")
	}
}
