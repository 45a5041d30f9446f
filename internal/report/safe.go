package report

import (
	"fmt"
	"io"
	"strings"

	"arclint/internal/prose"
)

// Safe is text of the site as it may stand on a terminal.
func Safe(text string) string { return prose.Safe(text) }

// Error writes why the program failed. What the site holds may stand in it.
func Error(w io.Writer, err error) {
	// There is no place left to report that it cannot be written.
	_, _ = fmt.Fprintf(w, "arclint: %s\n", Safe(strings.ReplaceAll(err.Error(), "\n", "; ")))
}
