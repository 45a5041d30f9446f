package report

import (
	"io"
	"strings"

	"arclint/internal/source"
	"arclint/recipes"
)

// Safe shows text of the site on a terminal without letting it act there, for
// the writers below this package.
func Safe(text string) string { return safe(text) }

// Place is "path:line:column" of a span, for the writers below this package.
func Place(at source.Span) string { return place(at.Path(), at) }

// JSON writes a value of the machine contract, for the writers below this package.
func JSON(w io.Writer, v any) error { return writeJSON(w, v) }

// Wrap breaks text at blanks so that no line is longer than width where it can
// be helped, for the writers below this package.
func Wrap(text string, width int) string { return strings.Join(recipes.Wrap(text, width), "\n") }
