package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkOldMD5Only = &lint.Rule{
	ID:    "trust/hash-link-old-md5-only",
	Title: "A CA is linked under the old MD5 hash only",
	Why: "OpenSSL before 1.0 named the links by an MD5 hash. No OpenSSL that ARC runs with looks for it: the CA is not trusted although a link is there. " +
		"IGTF is about to stop shipping the old names; nothing is lost with them.",
	Source:   "arc-behaviour D1; IGTF 1.140 (deprecation of the MD5 names)",
	Facts:    []string{"D1"},
	Severity: lint.Error,
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			for _, file := range dir.Files {
				if c := unlinked(dir, file); c != nil && oldOnly(file) {
					r.Path(file.Path, "%s is linked as %08x only, the old hash, want %08x.0: OpenSSL does not find the CA", c.SubjectName, c.OldHash, c.Hash).
						About(c.SubjectName)
				}
			}
		}
	},
}

// oldOnly says whether the file has a name of the old style and none of the
// current one.
func oldOnly(file *gridsec.File) bool {
	old := false
	for _, sl := range slots(file) {
		for _, c := range file.Certificates {
			if sl.hash == c.Hash {
				return false
			}
			old = old || sl.hash == c.OldHash
		}
	}
	return old
}
