package arcref

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed tables/*.tsv
var tables embed.FS

// History is the references of several releases, oldest first. Do not change
// those that Known gives: they are shared.
type History []*Reference

// Known is the references of the tables, with what the code adds. They are
// parsed when somebody first asks.
func Known() History { return releases() }

var releases = sync.OnceValue(func() History {
	refs, err := readTables()
	if err != nil {
		panic("arcref: " + err.Error()) // the tables are part of the program, a test reads them
	}
	for _, r := range refs {
		r.addCode()
	}
	return refs
})

// readTables parses the tables at the same time: each run of the program begins so.
func readTables() (History, error) {
	entries, err := tables.ReadDir("tables")
	if err != nil {
		return nil, err
	}
	refs, errs := make(History, len(entries)), make([]error, len(entries))
	var wg sync.WaitGroup
	for i, e := range entries {
		wg.Go(func() { refs[i], errs[i] = readTable(e.Name()) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	slices.SortFunc(refs, func(a, b *Reference) int { return compareVersions(a.Version, b.Version) })
	return refs, nil
}

func readTable(name string) (*Reference, error) {
	text, err := tables.ReadFile("tables/" + name)
	if err != nil {
		return nil, err
	}
	ref, err := parseTable(strings.TrimSuffix(name, ".tsv"), string(text))
	if err != nil {
		return nil, fmt.Errorf("tables/%s: %w", name, err)
	}
	return ref, nil
}

// With is the history with one more reference in its place. It is an error
// where its version is none, or stands in the history already.
func (h History) With(ref *Reference) (History, error) {
	if _, _, err := splitVersion(ref.Version); err != nil {
		return nil, err
	}
	at, found := slices.BinarySearchFunc(h, ref, func(a, b *Reference) int { return compareVersions(a.Version, b.Version) })
	if found {
		return nil, fmt.Errorf("ARC %s is known already, as %s", ref.Version, h[at].Version)
	}
	return slices.Insert(slices.Clone(h), at, ref), nil
}

// Versions lists the releases, oldest first.
func (h History) Versions() []string {
	var versions []string
	for _, r := range h {
		versions = append(versions, r.Version)
	}
	return versions
}

// After is the releases that are newer than the version.
func (h History) After(version string) History {
	i := slices.IndexFunc(h, func(r *Reference) bool { return compareVersions(r.Version, version) > 0 })
	if i < 0 {
		return nil
	}
	return h[i:]
}

// For gives the reference of a release that is known exactly. A packager's
// suffix does not matter ("7.2.0-1" is 7.2.0), that of a development version
// does ("7.2.0rc1" is not).
func (h History) For(version string) (*Reference, bool) {
	_, rest, err := splitVersion(version)
	if err != nil || !isRelease(rest) {
		return nil, false
	}
	for _, r := range h {
		if compareVersions(r.Version, version) == 0 {
			return r, true
		}
	}
	return nil, false
}

// Nearest gives the reference that stands for a version: the newest known
// release that is not newer, and the oldest known one for everything before it.
// exact is For's answer. What does not begin with a number is an error, and so
// is a history without releases.
func (h History) Nearest(version string) (ref *Reference, exact bool, err error) {
	if _, _, err := splitVersion(version); err != nil {
		return nil, false, err
	}
	if len(h) == 0 {
		return nil, false, errors.New("no release is known")
	}
	for _, r := range h {
		if ref == nil || compareVersions(r.Version, version) <= 0 {
			ref = r
		}
	}
	_, exact = h.For(version)
	return ref, exact, nil
}

// Before says whether the version is of a series, the first number of its name, that
// ended before the oldest known release.
func (h History) Before(version string) bool {
	series := func(v string) uint64 {
		parts, _, err := splitVersion(v)
		if err != nil || len(parts) == 0 {
			return 0
		}
		return parts[0]
	}
	return !slices.ContainsFunc(h, func(r *Reference) bool { return series(r.Version) <= series(version) })
}
