package arcref

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed tables/*.tsv
var tables embed.FS

// releases holds the tables, oldest first, with what the code adds. They are
// parsed when somebody first asks.
var releases = sync.OnceValue(func() []*Reference {
	refs, err := readTables()
	if err != nil {
		panic("arcref: " + err.Error()) // the tables are part of the program, a test reads them
	}
	for i, r := range refs {
		refs[i] = r.WithCode()
	}
	return refs
})

func readTables() ([]*Reference, error) {
	entries, err := tables.ReadDir("tables")
	if err != nil {
		return nil, err
	}
	var refs []*Reference
	for _, e := range entries {
		text, err := tables.ReadFile("tables/" + e.Name())
		if err != nil {
			return nil, err
		}
		ref, err := parseTable(strings.TrimSuffix(e.Name(), ".tsv"), string(text))
		if err != nil {
			return nil, fmt.Errorf("tables/%s: %w", e.Name(), err)
		}
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b *Reference) int { return CompareVersions(a.Version, b.Version) })
	return refs, nil
}

// Versions lists the releases whose reference is known, oldest first.
func Versions() []string {
	var versions []string
	for _, r := range releases() {
		versions = append(versions, r.Version)
	}
	return versions
}

// For gives the reference of a release that is known exactly. A packager's
// suffix does not matter ("7.2.0-1" is 7.2.0), that of a development version
// does ("7.2.0rc1" is not).
func For(version string) (*Reference, bool) {
	_, rest, err := splitVersion(version)
	if err != nil || !isRelease(rest) {
		return nil, false
	}
	for _, r := range releases() {
		if CompareVersions(r.Version, version) == 0 {
			return r, true
		}
	}
	return nil, false
}

// Nearest gives the reference that stands for a version: the newest known
// release that is not newer, and the oldest known one for everything before it.
// exact is For's answer. What does not begin with a number is an error.
func Nearest(version string) (ref *Reference, exact bool, err error) {
	if _, _, err := splitVersion(version); err != nil {
		return nil, false, err
	}
	for _, r := range releases() {
		if ref == nil || CompareVersions(r.Version, version) <= 0 {
			ref = r
		}
	}
	_, exact = For(version)
	return ref, exact, nil
}
