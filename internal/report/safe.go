package report

import (
	"fmt"
	"io"
	"strings"

	"arclint/internal/prose"
)

// Error writes why the program failed. What the site holds may stand in it.
func Error(w io.Writer, err error) {
	// There is no place left to report that it cannot be written.
	_, _ = fmt.Fprintf(w, "arclint: %s\n", prose.Safe(strings.ReplaceAll(err.Error(), "\n", "; ")))
}
