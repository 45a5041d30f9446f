package site

import (
	"fmt"
	"strings"

	"arclint/internal/pattern"
	"arclint/internal/release"
	"arclint/internal/rootfs"
)

// Release is an ARC release and the measured release that stands for it: whose
// facts and whose reference are used.
type Release struct {
	release.Row
	Version string // "7.2.0", as detected or given
	Exact   bool   // Version was measured itself
	Origin  string // "--arc-version", the path that told, or "" where nothing did
	Table   release.Table
}

// NewRelease finds the measured release that stands for a version. origin says
// who told the version. A version that is not one is an error.
func NewRelease(version, origin string) (Release, error) {
	return judge(release.Default(), version, origin)
}

func judge(t release.Table, version, origin string) (Release, error) {
	row, exact, err := t.Nearest(version)
	if err != nil {
		return Release{}, err
	}
	return Release{Row: row, Version: version, Exact: exact, Origin: origin, Table: t}, nil
}

// Releases are the measured releases for which the question is answered with
// yes, oldest first.
func Releases(where func(Release) bool) []string {
	var list []string
	for _, row := range release.Default().All() {
		if where(Release{Row: row, Version: row.Measured, Exact: true}) {
			list = append(list, row.Measured)
		}
	}
	return list
}

// Explain says how the release was found and whether it was measured.
func (r Release) Explain() string {
	if r.Origin == "" {
		return "the installed release was not found, give --arc-version"
	}
	if !r.Exact {
		return fmt.Sprintf("the nearest measured release to %s from %s", r.Version, r.Origin)
	}
	return "from " + r.Origin
}

const maxSmallFile = 1 << 20 // bytes of a file that says the release, the OS or the accounts

var arcVersionLine = pattern.OnDemand(`(?m)^ARC_VERSION\s*=\s*['"]([^'"]+)['"]`)

// detectRelease reads the version from ARC's Python package, which every CE
// has: paths_dist.py is written when ARC is built and says ARC_VERSION.
func detectRelease(fsys rootfs.FS) (version, path string) {
	for _, lib := range []string{"/usr/lib", "/usr/lib64"} {
		dir, err := rootfs.Resolve(fsys, lib)
		if err != nil {
			continue
		}
		names, err := rootfs.Names(fsys, dir) // hundreds on a real machine, of which one or two matter
		if err != nil {
			continue
		}
		for _, n := range names {
			if !strings.HasPrefix(n.Name, "python3") {
				continue
			}
			for _, packages := range []string{"dist-packages", "site-packages"} {
				path := dir + "/" + n.Name + "/" + packages + "/arc/paths_dist.py"
				data, _, err := rootfs.Read(fsys, path, maxSmallFile)
				if err != nil {
					continue
				}
				if m := arcVersionLine().FindSubmatch(data); m != nil {
					return string(m[1]), path
				}
			}
		}
	}
	return "", ""
}
