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
	Title: "A CA in the trust directory has no hash name",
	Why: "OpenSSL looks only for names such as 0a1b2c3d.0. ARC does not trust a CA that was copied there as NAME.pem and not linked. " +
		"It refuses the clients of the CA, and cannot fetch the keys of an issuer under it. " +
		"OpenSSL does not look for upper-case hashes or names such as HASH.pem either.",
	Source:   "arc-behaviour D1; openssl-rehash(1)",
	Impact:   lint.Outage,
	Facts:    []string{"D1"},
	Severity: lint.Warning,
	Effect:   caNotTrusted,
	Recipe:   "relink-hashes",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			for _, file := range d.Files {
				if file.DER || len(file.Certificates) == 0 || len(slots(file)) > 0 || !slices.ContainsFunc(file.Names, meantAsCA().MatchString) {
					continue
				}
				if c := d.notFound(file); c != nil && !s.Now.After(c.NotAfter) {
					r.Path(file.Path, "the certificate of %s has no hash name", commonName(c.SubjectName)).Do("Make a link %s.0 to this file.", hashText(c.Hash)).
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
