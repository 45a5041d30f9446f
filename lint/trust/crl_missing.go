package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var crlMissing = &lint.Rule{
	ID:    "trust/crl-missing",
	Title: "There is no CRL of a CA that publishes one",
	Why: "ARC accepts a certificate when there is no CRL of its issuer: a stolen certificate that the CA has revoked still gets in. A CRL under the old MD5 hash counts as none. " +
		"fetch-crl fetches the CRLs whose addresses stand in the .info or .crl_url files; the EGI probes report a CA without one.",
	Source:   "arc-behaviour D9, S9; arc-checks b1.10, b4",
	Facts:    []string{"D9", "S9"},
	Severity: lint.Warning,
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
				// What stands there and is no CRL is the business of other rules.
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
		r.Path(c.File.Path, "there is no CRL %s of %s%s, want it fetched: certificates that the CA revoked get in", slot{c.Hash, "r", 0}.name(), c.SubjectName, d.oldCRL(c)).About(c.SubjectName)
	case len(missing) == published:
		r.Path(d.Path, "none of the %d CAs that publish a CRL has one here, want fetch-crl run regularly: revoked certificates get in", published).About("CRLs")
	default:
		f := r.Path(d.Path, "%d of the %d CAs that publish a CRL have none here (%s), want fetch-crl run regularly: certificates that they revoked get in", len(missing), published, list(names(missing))).About("CRLs")
		for _, c := range missing {
			f.RelatePath(c.File.Path, "%s is not there%s", slot{c.Hash, "r", 0}.name(), d.oldCRL(c))
		}
	}
}

// oldCRL names a CRL of the CA that stands under its old hash.
func (d *directory) oldCRL(c *gridsec.Certificate) string {
	seen, _ := d.Chain(c.OldHash, "r")
	if len(seen) == 0 {
		return ""
	}
	return " (" + seen[0].Name + " has the old hash, which OpenSSL does not look for)"
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
