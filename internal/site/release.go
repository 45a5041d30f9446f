package site

import (
	"fmt"
	"regexp"
	"strings"

	"arclint/internal/arcref"
	"arclint/internal/rootfs"
)

// Release is an ARC release and the measured release that stands for it.
type Release struct {
	Version  string // "7.2.0", as detected or given
	Measured string // "6.17.0", "7.0.0" or "7.2.0": whose measured behaviour is used
	Exact    bool   // Version was measured itself
	Origin   string // "--arc-version", the path that told, or "" where nothing did
}

// NewRelease finds the measured release that stands for a version. origin says
// who told the version. A version that is not one is an error.
func NewRelease(version, origin string) (Release, error) {
	ref, exact, err := arcref.Nearest(version)
	if err != nil {
		return Release{}, err
	}
	return Release{Version: version, Measured: ref.Version, Exact: exact, Origin: origin}, nil
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

// Is7 says whether the release is of the 7 series: tokens without a block,
// arc.conf.d, pinned issuers, no signing policies.
func (r Release) Is7() bool { return !strings.HasPrefix(r.Measured, "6.") }

const maxSmallFile = 1 << 20 // bytes of a file that says the release, the OS or the accounts

var arcVersionLine = regexp.MustCompile(`(?m)^ARC_VERSION\s*=\s*['"]([^'"]+)['"]`)

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
				if m := arcVersionLine.FindSubmatch(data); m != nil {
					return string(m[1]), path
				}
			}
		}
	}
	return "", ""
}
