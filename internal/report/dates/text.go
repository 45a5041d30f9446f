package dates

import (
	"fmt"
	"io"
	"strings"
	"time"

	"arclint/internal/expiry"
	"arclint/internal/prose"
)

// Options say what of a report is shown.
type Options struct {
	All    bool      // each item of a bundle has its own row
	Before time.Time // the items are those that end until then; zero: all
}

const (
	columns = 80
	dates   = "            " // as wide as the column of dates
	lefts   = "           "  // as wide as that of the time left
)

// Text writes the table for people.
func Text(w io.Writer, r expiry.Report, o Options) error {
	var b strings.Builder
	rows := rowsOf(r, o.All)
	if len(rows) > 0 {
		b.WriteString("ENDS        LEFT       WHAT, WHERE, AND WHO IS SHUT OUT THEN\n")
	}
	grouped := false
	for _, row := range rows {
		writeRow(&b, r.Now, row)
		grouped = grouped || row.more > 0
	}
	b.WriteString(summary(r, o, len(rows)))
	if grouped {
		b.WriteString("Each of a group has its line with --verbose.\n")
	}
	if o.Before.IsZero() {
		for i, e := range r.Endless {
			writePlace(&b, i, "Without an end", e.Path, kindName(e.Kind)+" "+e.Name+": "+e.Why)
		}
	}
	for i, u := range r.Unread {
		writePlace(&b, i, "Not read, so that it is not known what ends there", u.Path, u.Reason)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writePlace writes a line of a list below the table, and the title before the first.
func writePlace(b *strings.Builder, n int, title, path, text string) {
	if n == 0 {
		b.WriteString("\n" + title + ":\n")
	}
	for n, line := range fold(prose.Safe(path)+": "+prose.Safe(text), columns-4) {
		b.WriteString([]string{"  ", "    "}[min(n, 1)] + line + "\n")
	}
}

func writeRow(b *strings.Builder, now time.Time, r row) {
	write := func(first, then, text string) {
		for _, line := range fold(prose.Safe(text), columns-len(then)) {
			b.WriteString(first + line + "\n")
			first = then
		}
	}
	date := r.Ends.UTC().Format(time.DateOnly)
	write(fmt.Sprintf("%-12s%-10s ", date, left(now, r.Ends)), dates+lefts, r.title())
	if r.more > 0 {
		write(dates, dates, "first: "+r.Name)
	}
	write(dates, dates, r.Path)
	write(dates, dates, "shut out: "+r.Who)
}

func summary(r expiry.Report, o Options, rows int) string {
	at := r.Now.UTC().Format("2006-01-02 15:04") + " UTC"
	until := ""
	if !o.Before.IsZero() {
		until = " until " + o.Before.UTC().Format(time.DateOnly)
	}
	if rows == 0 {
		return fmt.Sprintf("nothing that was read ends%s (at %s)\n", until, at)
	}
	ended := 0
	for _, i := range r.Items {
		if r.Ended(i) {
			ended++
		}
	}
	return fmt.Sprintf("\n%s with an end%s, %d ended (at %s)\n", prose.Plural(len(r.Items), "thing"), until, ended, at)
}

// fold breaks a text into lines of at most width characters, at blanks and, in
// longer words, before a slash, in none after the width.
func fold(text string, width int) []string {
	var lines []string
	for _, line := range prose.Wrap(text, width) {
		rest := []rune(line)
		for len(rest) > width {
			cut := width
			for i := width; i > width/2; i-- {
				if rest[i] == '/' {
					cut = i
					break
				}
			}
			lines, rest = append(lines, string(rest[:cut])), rest[cut:]
		}
		lines = append(lines, string(rest))
	}
	return lines
}
