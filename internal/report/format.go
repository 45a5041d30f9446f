package report

import (
	"fmt"
	"io"

	"arclint/internal/prose"
	"arclint/internal/source"
	"arclint/recipes"
)

// Unformatted writes the name of a file whose form is to change, and the change
// as a unified diff that patch(1) reads (see recipes.FileDiff).
func Unformatted(w io.Writer, before, after *source.File) error {
	_, err := fmt.Fprintf(w, "%s\n%s", prose.Safe(before.Path), recipes.FileDiff(before.Path, before, after, "fmt --write makes the change"))
	return err
}
