package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var trustDirWritable = &lint.Rule{
	ID:       "trust/trust-dir-writable",
	Title:    "Others than root may write to a trust directory or to a trust anchor",
	Why:      "Whoever can write there decides whom this CE trusts. /etc/grid-security/certificates decides about token issuers as well, whatever x509_cert_dir says.",
	Source:   "arc-behaviour H1; EGI probe FilePermVulns",
	Severity: lint.Error,
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			if dir.Err != nil {
				continue
			}
			checkMode(r, dir.Resolved, dir.Info.Mode.Perm(), "0755")
			checkOwner(r, dir.Resolved, dir.Info.UID)
			for _, file := range dir.Files {
				if decides(file) {
					checkMode(r, file.Path, file.Info.Mode.Perm(), "0644")
					checkOwner(r, file.Path, file.Info.UID)
				}
			}
		}
	},
}

// decides says whether the content of the file decides about trust.
func decides(file *gridsec.File) bool {
	return len(file.Certificates) > 0 || len(file.CRLs) > 0 || file.Policy != nil
}
