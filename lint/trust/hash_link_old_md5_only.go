package trust

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkOldMD5Only = &lint.Rule{
	ID:    "trust/hash-link-old-md5-only",
	Title: "A CA is linked under the old MD5 hash only",
	Why: "OpenSSL before 1.0 named the links by an MD5 hash. No OpenSSL that ARC runs with looks for it, so ARC does not trust the CA although a link is there. " +
		"IGTF is about to stop shipping the old names; nothing is lost with them.",
	Source:   "arc-behaviour D1; IGTF 1.140 (deprecation of the MD5 names)",
	Impact:   lint.Outage,
	Facts:    []string{"D1"},
	Severity: lint.Error,
	Effect:   caNotTrusted,
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			for _, file := range d.Files {
				if c := d.notFound(file); c != nil && !file.DER && oldOnly(file) {
					r.Path(file.Path, "the certificate of %s is linked only by its old hash, %s", commonName(c.SubjectName), hashText(c.OldHash)).
						Do("Make a link %s.0 to this file.", hashText(c.Hash)).
						About(c.SubjectName).With("path", file.Path)
				}
			}
		}
	},
}

// oldOnly says whether the file has a name of the old style and none of the
// current one.
func oldOnly(file *gridsec.File) bool {
	names := slots(file)
	return slices.ContainsFunc(names, func(sl slot) bool { return !sl.isCRL() && sl.old(file) }) &&
		!slices.ContainsFunc(names, func(sl slot) bool { return !sl.isCRL() && sl.current(file) })
}
