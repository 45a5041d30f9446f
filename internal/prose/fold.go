package prose

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// Fold breaks words into lines of at most width columns, as a terminal counts them;
// lines after the first begin with the indent. A word that is longer has a line of its
// own. Words may have blanks in them, and are not broken there.
func Fold(words []string, width int, indent string) []string {
	var lines []string
	line, columns := "", 0
	for i, word := range words {
		n := runewidth.StringWidth(word)
		switch {
		case i == 0:
			line, columns = word, n
		case columns+1+n <= width:
			line, columns = line+" "+word, columns+1+n
		default:
			lines = appendLine(lines, line)
			line, columns = indent+word, len(indent)+n
		}
	}
	return appendLine(lines, line)
}

// appendLine adds a line without the blanks at its end, if anything else is in it.
func appendLine(lines []string, line string) []string {
	if line = strings.TrimRight(line, " "); line == "" && len(lines) > 0 {
		return lines
	}
	return append(lines, line)
}

// Words parts text at single blanks, so that blanks that follow each other stay, and
// not inside of backquotes: a command is to be copied as it is.
func Words(text string) []string { return unbroken(strings.Split(text, " ")) }

// unbroken joins the words between two backquotes into one.
func unbroken(words []string) []string {
	var found []string
	for _, word := range words {
		if n := len(found); n > 0 && strings.Count(found[n-1], "`")%2 == 1 {
			found[n-1] += " " + word
			continue
		}
		found = append(found, word)
	}
	if n := len(found); n > 0 && strings.Count(found[n-1], "`")%2 == 1 {
		return words // a lone backquote
	}
	return found
}
