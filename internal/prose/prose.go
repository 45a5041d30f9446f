// Package prose sets what arclint says in English: counted nouns, and lines of a
// certain width. It knows nothing of sites, rules and formats.
package prose

import (
	"fmt"
	"strings"
)

// Plural counts things in a message: "1 error", "3 errors".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Wrap breaks text at blanks into lines of at most width bytes; a longer word
// has a line of its own. A command between backquotes is not broken: it is to be
// copied as it stands.
func Wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range unbroken(strings.Fields(text)) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// Fill is Wrap as one text, with a line end between the lines.
func Fill(text string, width int) string { return strings.Join(Wrap(text, width), "\n") }
