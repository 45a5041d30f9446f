package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var crlURLMissing = &lint.Rule{
	ID:    "trust/crl-url-missing",
	Title: "fetch-crl does not know where the CRL of a CA is",
	Why: "fetch-crl takes the address of a CRL from the .info or .crl_url file of the CA. Without one it never fetches the CRL, no tool warns of its age, and revoked certificates of this CA get in. " +
		"`arcctl deploy ca-cert` writes neither file.",
	Source:   "arc-behaviour D9; arc-checks b6",
	Facts:    []string{"D9"},
	Severity: lint.Warning,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			for _, file := range dir.Files {
				c := issuingCA(file)
				if c != nil && !publishesCRL(dir, c) {
					r.Path(file.Path, "there is no .crl_url and no crl_url in a .info file for %s, want one: fetch-crl never fetches its CRL", c.SubjectName).About(c.SubjectName)
				}
			}
		}
	},
}

// issuingCA is the first CA of the file that a lookup finds.
func issuingCA(file *gridsec.File) *gridsec.Certificate {
	if !reachable(file) {
		return nil
	}
	for _, c := range file.Certificates {
		if maySign(c) {
			return c
		}
	}
	return nil
}
