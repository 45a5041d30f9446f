package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var duplicateCA = &lint.Rule{
	ID:       "trust/duplicate-ca",
	Title:    "The same CA certificate stands in two files",
	Why:      "A CA in two files, not one file and links to it, stays when one of them is removed: a package that drops the CA leaves the copy behind, and it goes on being trusted.",
	Source:   "arc-behaviour D2",
	Facts:    []string{"D2"},
	Severity: lint.Note,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			first := map[string]*gridsec.File{}
			for _, file := range dir.Files {
				for _, c := range file.Certificates {
					if !maySign(c) {
						continue
					}
					if earlier := first[string(c.Raw)]; earlier != nil && earlier != file {
						r.Path(file.Path, "%s stands in %s too, want one file and links to it: removing one leaves the CA trusted", c.SubjectName, earlier.Path).
							About(c.SubjectName).RelatePath(earlier.Path, "the other copy")
						continue
					}
					first[string(c.Raw)] = file
				}
			}
		}
	},
}
