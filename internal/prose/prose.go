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
	for _, word := range words(text) {
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

// words parts text at blanks outside of backquotes.
func words(text string) []string {
	var found []string
	for _, word := range strings.Fields(text) {
		if n := len(found); n > 0 && strings.Count(found[n-1], "`")%2 == 1 {
			found[n-1] += " " + word
			continue
		}
		found = append(found, word)
	}
	if n := len(found); n > 0 && strings.Count(found[n-1], "`")%2 == 1 {
		return strings.Fields(text) // a lone backquote
	}
	return found
}

// Fill is Wrap as one text, with a line end between the lines.
func Fill(text string, width int) string { return strings.Join(Wrap(text, width), "\n") }
