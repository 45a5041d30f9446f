package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/lint"
)

var duplicateCA = &lint.Rule{
	ID:       "trust/duplicate-ca",
	Title:    "The same CA certificate is trusted from two files",
	Why:      "Two hash names of a CA should be one file and a link to it. If they are two files, the CA stays when one is removed. A package that drops the CA leaves the copy behind, and ARC still trusts the CA.",
	Source:   "arc-behaviour D2",
	Impact:   lint.Hygiene,
	Facts:    []string{"D2"},
	Severity: lint.Note,
	Effect:   "If one of them is removed, ARC still trusts the CA.",
	Action:   "Keep one of the files, and make the other name a link to it.",
	Recipe:   lint.Manual,
	ByHand: `Keep the file that a package installed, and make a link of the other one. Look
first whether that one holds more certificates than this:

    cd /etc/grid-security/certificates
    grep -c BEGIN HASH.0
    ln -sf NAME.pem HASH.0

If the other one has a number of its own, such as HASH.1, remove it. Leave no
gap in the numbers: rename a HASH.2 to HASH.1. Check the directory:

    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			first := map[issuers.Fingerprint]*gridsec.File{}
			for _, file := range d.Files {
				if !d.finds(file) {
					continue
				}
				for _, c := range file.Certificates {
					earlier := first[c.SHA256()]
					if earlier == nil {
						first[c.SHA256()] = file
					}
					if earlier != nil && earlier != file && maySign(c) {
						r.Path(file.Path, "the certificate of %s is in two files here", commonName(c.SubjectName)).
							About(c.SubjectName).RelatePath(earlier.Path, "the other copy")
					}
				}
			}
		}
	},
}
