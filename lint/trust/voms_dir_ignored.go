package trust

import (
	"path"
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var vomsDirIgnored = &lint.Rule{
	ID:    "trust/voms-dir-ignored",
	Title: "x509_voms_dir names a directory that ARC does not read",
	Why: "No measured release looks at x509_voms_dir: each reads /etc/grid-security/vomsdir. That directory decides which VOMS servers this CE believes. The .lsc files in the other directory decide nothing. " +
		"A VO whose files are in the other one alone is kept out. One that was removed there and not in the default directory still gets in.",
	Source:   "arc-behaviour V1",
	Impact:   lint.Outage,
	Facts:    []string{"V1"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Put a link where ARC looks:

    mv /etc/grid-security/vomsdir /etc/grid-security/vomsdir.old
    ln -s /etc/vomsdir /etc/grid-security/vomsdir

Remove the option x509_voms_dir.

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		value, at, ok := s.Written("common", "x509_voms_dir")
		if !ok || value == "" || path.Clean(meantDir(value)) == site.VOMSDir || sameDirectory(s, value, site.VOMSDir) {
			return
		}
		r.At(at, "ARC ignores x509_voms_dir").Means("ARC reads %s, and no .lsc file in %s. A VO whose files are there alone is kept out.", site.VOMSDir, meantDir(value)).
			Do("Make %s a link to %s, and remove the option.", site.VOMSDir, meantDir(value)).About(value)
	},
}

// meantDir is the directory that is meant where quotes or a comment are part of the
// value: as ARC ignores it, they do no harm.
func meantDir(value string) string {
	first, _, _ := strings.Cut(value, " ")
	return strings.Trim(first, `"'`)
}

// sameDirectory says whether links lead from both names to one directory.
func sameDirectory(s *site.Site, a, b string) bool {
	first, _ := s.NamedPath(a)
	second, _ := s.NamedPath(b)
	return first.Path != "" && first.Err == nil && second.Err == nil && first.Path == second.Path
}
