package report

import "io"

// What follows is for the packages below this one, which write reports of what
// this package need not know.

// Safe shows text of the site on a terminal without letting it act there.
func Safe(text string) string { return safe(text) }

// JSON writes a value as all of the machine contract is written.
func JSON(w io.Writer, v any) error { return writeJSON(w, v) }

// Wrap breaks text at blanks so that no line is longer than width where it can
// be helped.
func Wrap(text string, width int) string { return wrap(text, width) }
