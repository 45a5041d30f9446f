package report

import (
	"fmt"
	"io"

	"arclint/internal/prose"
	"arclint/recipes"
)

// Unformatted writes the name of a file whose form is to change, and the change
// as a unified diff that patch(1) reads.
func Unformatted(w io.Writer, path string, before, after []byte) error {
	_, err := fmt.Fprintf(w, "%s\n%s", prose.Safe(path), recipes.FileDiff(path, before, after))
	return err
}
