// Package release says what each release of ARC does: a row a release, a fact a
// column. Everything in arclint whose answer depends on the release asks a fact
// here; nobody else compares versions.
//
// It knows nothing of a site. A release is added in rows.go and Default, with
// its reference in arcref (see CONTRIBUTING.md).
package release

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"arclint/internal/arcref"
)

// Row is one release that was measured.
type Row struct {
	Measured string            // "7.2.0"
	Ref      *arcref.Reference // what its arc.conf.reference says
	Facts
}

// Is says whether the version is the row's own, and not one that it stands for.
func (r Row) Is(version string) bool {
	_, own := arcref.History{r.Ref}.For(version)
	return own
}

// Table is the releases that arclint knows, oldest first. The zero Table knows
// none; Default gives those that were measured.
type Table struct {
	rows      []Row
	history   arcref.History    // the references of the rows
	reference *arcref.Reference // given by the user; nil: each row has its own
}

// Default is the table of the releases that were measured.
func Default() Table { return known() }

var known = sync.OnceValue(func() Table {
	t, err := measured()
	if err != nil {
		panic("release: " + err.Error()) // the rows are part of the program, a test reads them
	}
	return t
})

func measured() (Table, error) {
	var t Table
	for _, r := range []Row{
		{Measured: "6.17.0", Facts: facts6170()},
		{Measured: "7.0.0", Facts: facts700()},
		{Measured: "7.2.0", Facts: facts720()},
	} {
		r.Ref, _ = arcref.Known().For(r.Measured)
		var err error
		if t, err = t.With(r); err != nil {
			return Table{}, err
		}
	}
	return t, nil
}

// With is the table with one more release. It is an error where the row has no
// reference, or one of another version, and where the release is known already.
func (t Table) With(r Row) (Table, error) {
	if r.Ref == nil || r.Ref.Version != r.Measured {
		return t, fmt.Errorf("release %q has no reference of its own", r.Measured)
	}
	history, err := t.history.With(r.Ref)
	if err != nil {
		return t, err
	}
	t.rows = slices.Insert(slices.Clone(t.rows), slices.Index(history, r.Ref), r)
	t.history = history
	return t, nil
}

// WithReference is the table for a site whose reference the user gives: it
// stands in place of that of whatever row Nearest finds.
func (t Table) WithReference(ref *arcref.Reference) Table {
	t.reference = ref
	return t
}

// All are the rows, oldest first.
func (t Table) All() []Row { return slices.Clone(t.rows) }

// Versions are those of the rows, oldest first.
func (t Table) Versions() []string { return t.history.Versions() }

// Where lists the releases that do so, oldest first.
func (t Table) Where(does func(*Facts) bool) []string {
	var versions []string
	for _, r := range t.rows {
		if does(&r.Facts) {
			versions = append(versions, r.Measured)
		}
	}
	return versions
}

// Newest is the newest release, the zero Row where the table knows none.
func (t Table) Newest() Row {
	if len(t.rows) == 0 {
		return Row{}
	}
	return t.rows[len(t.rows)-1]
}

// History is the references of the rows, oldest first: what each release knew.
func (t Table) History() arcref.History { return t.history }

// For finds the row of a release that is known exactly. A packager's suffix
// does not matter ("7.2.0-1" is 7.2.0), that of a development version does.
func (t Table) For(version string) (Row, bool) {
	ref, ok := t.history.For(version)
	if !ok {
		return Row{}, false
	}
	return t.row(ref), true
}

// Nearest finds the row that stands for a version: the newest release that is
// not newer, and the oldest one for everything before it. exact is For's answer.
// What does not begin with a number is an error. The reference that the user
// gives stands in place of the row's own.
func (t Table) Nearest(version string) (row Row, exact bool, err error) {
	ref, exact, err := t.history.Nearest(version)
	if err != nil {
		return Row{}, false, err
	}
	row = t.row(ref)
	if t.reference != nil {
		row.Ref = t.reference
	}
	return row, exact, nil
}

func (t Table) row(ref *arcref.Reference) Row {
	i := slices.IndexFunc(t.rows, func(r Row) bool { return r.Ref == ref })
	return t.rows[i]
}

// Upgrade finds the row of the release that a site of the version is to become.
// The error says in words for a user why it cannot: the release is not known, is
// not newer, or stands for the version already.
func (t Table) Upgrade(version, to string) (Row, error) {
	newer := t.newer(version)
	then, known := t.For(to)
	if !known {
		return Row{}, fmt.Errorf("ARC %s is not known, %s", to, choice(newer, version))
	}
	if !slices.Contains(t.history.After(version).Versions(), then.Measured) {
		return Row{}, fmt.Errorf("ARC %s is not newer than the site's %s, %s", to, version, choice(newer, version))
	}
	if !slices.Contains(newer, then.Measured) {
		return Row{}, fmt.Errorf("the site's %s is judged as ARC %s already, nothing is known of a change", version, to)
	}
	return then, nil
}

// newer are the releases to which a site of the version can be upgraded: they are
// newer, and another one than it is judged as.
func (t Table) newer(version string) []string {
	newer := t.history.After(version).Versions()
	now, _, err := t.Nearest(version)
	return slices.DeleteFunc(newer, func(v string) bool { return err == nil && v == now.Measured })
}

// Known says whether the version is of a series of which a release is known, or of a
// later one: before ARC 6 arc.conf had another form. The error says so to a user; it
// is that of Nearest for what does not begin with a number.
func (t Table) Known(version string) error {
	if _, _, err := t.Nearest(version); err != nil {
		return err
	}
	if t.history.Before(version) {
		return fmt.Errorf("ARC %s has an arc.conf of another form, of which nothing is known here; ARC %s is the oldest release that was measured", version, t.history.Versions()[0])
	}
	return nil
}

func choice(newer []string, version string) string {
	if len(newer) == 0 {
		return "and no newer one than " + version + " is"
	}
	return "want " + strings.Join(newer, " or ")
}
