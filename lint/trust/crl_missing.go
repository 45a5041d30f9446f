package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var crlMissing = &lint.Rule{
	ID:    "trust/crl-missing",
	Title: "There is no CRL of a CA that publishes one",
	Why: "ARC accepts a certificate when there is no CRL of its issuer: a stolen certificate that the CA has revoked still gets in. A CRL under the old MD5 hash does not count. " +
		"fetch-crl fetches the CRLs whose addresses are in the .info or .crl_url files. The EGI probes report a CA without one.",
	Source:   "arc-behaviour D9, S9; arc-checks b1.10, b4",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"D9", "S9"},
	Severity: lint.Warning,
	Effect:   "Certificates that these CAs revoked get in.",
	Action:   "Run fetch-crl regularly.",
	Recipe:   "refresh-crls",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			var missing []*gridsec.Certificate
			published := 0
			for _, c := range d.anchors {
				if !d.publishesCRL(c) || s.Now.After(c.NotAfter) {
					continue
				}
				published++
				// What is there and is not a CRL is the business of other rules.
				if seen, rest := d.Chain(c.Hash, "r"); len(seen)+len(rest) == 0 {
					missing = append(missing, c)
				}
			}
			reportMissing(r, d, missing, published)
		}
	},
}

// reportMissing says it once for a directory: what keeps one CRL away mostly
// keeps others away too.
func reportMissing(r *lint.Reporter, d *directory, missing []*gridsec.Certificate, published int) {
	switch {
	case len(missing) == 0:
	case len(missing) == 1:
		c := missing[0]
		f := r.Path(c.File.Path, "the CRL %s of %s is missing", slot{c.Hash, "r", 0}.name(), commonName(c.SubjectName)).
			Means("Certificates that the CA revoked get in.").Do("Fetch the CRL.").About(c.SubjectName)
		if old := d.oldCRL(c); old != "" {
			f.Means("Certificates that the CA revoked get in. %s has the old hash, for which OpenSSL does not look.", old)
		}
	case len(missing) == published:
		r.Path(d.Path, "none of the %d CAs that publish a CRL has one here", published).About("CRLs")
	default:
		f := r.Path(d.Path, "%d of the %d CAs that publish a CRL have none here", len(missing), published).About("CRLs")
		for _, c := range missing {
			text := slot{c.Hash, "r", 0}.name() + " of " + commonName(c.SubjectName) + " is missing"
			if old := d.oldCRL(c); old != "" {
				text += " (" + old + " has the old hash)"
			}
			f.RelatePath(c.File.Path, "%s", text)
		}
	}
}

// oldCRL names a CRL of the CA under its old hash, "" where there is none.
func (d *directory) oldCRL(c *gridsec.Certificate) string {
	seen, _ := d.Chain(c.OldHash, "r")
	if len(seen) == 0 {
		return ""
	}
	return seen[0].Name
}

// publishesCRL says whether the distribution gives an address of the CA's CRL.
func (d *directory) publishesCRL(ca *gridsec.Certificate) bool {
	for _, file := range d.companions(ca.File) {
		if len(file.CRLURLs) > 0 || file.CAInfo != nil && file.CAInfo.CRLURL.Text != "" {
			return true
		}
	}
	return false
}
