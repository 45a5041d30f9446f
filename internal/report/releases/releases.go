// Package releases writes what each release of ARC does: as text, as JSON, and
// as the page docs/releases.md.
package releases

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"arclint/internal/facts"
	"arclint/internal/release"
	"arclint/internal/report"
)

type factJSON struct {
	ID     string `json:"id"` // the field of release.Facts
	Area   string `json:"area"`
	Title  string `json:"title"`
	Source string `json:"source"`
	Values []any  `json:"values"` // one for each release, in the order of releases
}

// JSON writes the releases and what each does as an object with a version.
func JSON(w io.Writer, t release.Table) error {
	out := struct {
		Version  int        `json:"version"`
		Releases []string   `json:"releases"`
		Facts    []factJSON `json:"facts"`
	}{Version: 1, Releases: report.OrEmpty(t.Versions()), Facts: []factJSON{}}
	for _, c := range release.Columns() {
		fact := factJSON{ID: c.Field, Area: string(c.Area), Title: c.Title, Source: c.Source, Values: []any{}}
		for _, r := range t.All() {
			fact.Values = append(fact.Values, typed(c.Value(&r.Facts)))
		}
		out.Facts = append(out.Facts, fact)
	}
	return report.JSON(w, out)
}

// typed makes the answers that are yes or no what a program expects.
func typed(value string) any {
	switch value {
	case "yes":
		return true
	case "no":
		return false
	}
	return value
}

// Text writes a line a fact, with a column for each release.
func Text(w io.Writer, t release.Table) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for i, c := range release.Columns() {
		if i == 0 || release.Columns()[i-1].Area != c.Area {
			fmt.Fprintf(tw, "%s\t%s\n", c.Area, strings.Join(t.Versions(), "\t"))
		}
		fmt.Fprintf(tw, "  %s\t%s\n", c.Title, strings.Join(valuesOf(c, t.All()), "\t"))
	}
	return tw.Flush()
}

func valuesOf(c release.Column, rows []release.Row) []string {
	var values []string
	for _, r := range rows {
		values = append(values, c.Value(&r.Facts))
	}
	return values
}

// Markdown writes the page docs/releases.md: first what changes with each
// release, then all that is known.
func Markdown(w io.Writer, t release.Table) error {
	var b strings.Builder
	b.WriteString("# What changes between releases of ARC\n\n" +
		"This page is the output of `arclint releases --format markdown`; `make docs` writes it.\n\n" +
		"arclint judges a CE by what its release was measured to do, and by the newest of these releases that is not newer where its own was not measured. " +
		"The columns say what, each with what proves it: a fact of [arc-behaviour](arc-behaviour.md), a check of ARC's own validators (arc-checks), or the file of ARC's source where it was read.\n\n" +
		"- `arclint diff 6.17.0 7.2.0` lists the options and blocks that come and go.\n" +
		"- `arclint check --target 7.2.0` says what of all this concerns a site before its upgrade.\n\n")
	rows := t.All()
	for i := 1; i < len(rows); i++ {
		writeChanges(&b, rows[i-1], rows[i])
	}
	b.WriteString("## All that is known\n\n")
	for i, c := range release.Columns() {
		if i == 0 || release.Columns()[i-1].Area != c.Area {
			fmt.Fprintf(&b, "### %s\n\n", c.Area)
			writeHead(&b, t.Versions()...)
		}
		writeRow(&b, c, rows...)
		if i+1 == len(release.Columns()) || release.Columns()[i+1].Area != c.Area {
			b.WriteByte('\n')
		}
	}
	_, err := io.WriteString(w, facts.Linked(strings.TrimRight(b.String(), "\n"))+"\n")
	return err
}

func writeChanges(b *strings.Builder, from, to release.Row) {
	fmt.Fprintf(b, "## From %s to %s\n\n", from.Measured, to.Measured)
	writeHead(b, from.Measured, to.Measured)
	for _, c := range release.Columns() {
		if c.Value(&from.Facts) != c.Value(&to.Facts) {
			writeRow(b, c, from, to)
		}
	}
	b.WriteByte('\n')
}

func writeHead(b *strings.Builder, versions ...string) {
	fmt.Fprintf(b, "| | %s | proof |\n|---|%s---|\n", strings.Join(versions, " | "), strings.Repeat("---|", len(versions)))
}

func writeRow(b *strings.Builder, c release.Column, rows ...release.Row) {
	fmt.Fprintf(b, "| %s | %s | %s |\n", c.Title, strings.Join(valuesOf(c, rows), " | "), c.Source)
}
