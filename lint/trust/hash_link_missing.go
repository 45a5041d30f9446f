package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkMissing = &lint.Rule{
	ID:    "trust/hash-link-missing",
	Title: "A CA stands in the trust directory without a hash name",
	Why: "OpenSSL looks only for names such as 0a1b2c3d.0. A CA that was copied there as NAME.pem, and not linked, is not trusted: its clients are refused, and an issuer under it cannot be reached. " +
		"Under the old MD5 hash alone it is not found either (trust/hash-link-old-md5-only).",
	Source:   "arc-behaviour D1",
	Facts:    []string{"D1"},
	Severity: lint.Warning,
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			for _, file := range dir.Files {
				c := unlinked(dir, file)
				if c == nil || oldOnly(file) || len(slots(file)) > 0 {
					continue
				}
				r.Path(file.Path, "%s has no hash name, want a link %08x.0 to this file: OpenSSL does not find the CA without it", c.SubjectName, c.Hash).
					About(c.SubjectName)
			}
		}
	},
}

// unlinked is a CA certificate of the file that no lookup finds, in this file or
// in another.
func unlinked(dir *gridsec.Dir, file *gridsec.File) *gridsec.Certificate {
	for _, c := range file.Certificates {
		if !c.IsCA || foundElsewhere(dir, c) {
			continue
		}
		return c
	}
	return nil
}

func foundElsewhere(dir *gridsec.Dir, wanted *gridsec.Certificate) bool {
	for _, c := range anchors(dir) {
		if c.Equal(wanted.Certificate) {
			return true
		}
	}
	return false
}
