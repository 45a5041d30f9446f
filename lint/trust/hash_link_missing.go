package trust

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/pattern"
	"arclint/internal/site"
	"arclint/lint"
)

var hashLinkMissing = &lint.Rule{
	ID:    "trust/hash-link-missing",
	Title: "A CA stands in the trust directory without a hash name",
	Why: "OpenSSL looks only for names such as 0a1b2c3d.0. A CA that was copied there as NAME.pem, and not linked, is not trusted: its clients are refused, and an issuer under it cannot be reached. " +
		"Upper-case hashes and names such as HASH.pem are not looked up either.",
	Source:   "arc-behaviour D1; openssl-rehash(1)",
	Facts:    []string{"D1"},
	Severity: lint.Warning,
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			for _, file := range d.Files {
				if file.DER || len(file.Certificates) == 0 || len(slots(file)) > 0 || !slices.ContainsFunc(file.Names, meantAsCA().MatchString) {
					continue
				}
				if c := d.notFound(file); c != nil && !s.Now.After(c.NotAfter) {
					r.Path(file.Path, "%s has no hash name, want a link %s.0 to this file: OpenSSL does not find the CA without it", c.SubjectName, hashText(c.Hash)).
						About(c.SubjectName).With("path", file.Path)
				}
			}
		}
	},
}

// meantAsCA are the names under which a CA is installed, as opposed to the
// copies that editors and people leave.
var meantAsCA = pattern.OnDemand(`(?:\.pem|\.crt|\.cer|^[0-9A-Fa-f]{8}\.[0-9]+)$`)

// notFound is a CA certificate of the file that no lookup comes to, in this
// file or in another.
func (d *directory) notFound(file *gridsec.File) *gridsec.Certificate {
	for _, c := range file.Certificates {
		if maySign(c) && !d.found[c.SHA256()] {
			return c
		}
	}
	return nil
}
