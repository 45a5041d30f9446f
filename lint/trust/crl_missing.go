package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var crlMissing = &lint.Rule{
	ID:    "trust/crl-missing",
	Title: "There is no CRL of a CA that publishes one",
	Why: "ARC accepts a certificate when there is no CRL of its issuer: a stolen certificate that the CA has revoked still gets in. " +
		"fetch-crl fetches the CRLs whose addresses stand in the .info or .crl_url files; the EGI probes report a CA without one.",
	Source:   "arc-behaviour D9, S9; arc-checks b1.10, b4",
	Facts:    []string{"D9"},
	Severity: lint.Warning,
	Recipe:   "refresh-crls",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, dir := range trustDirs(s) {
			if unreadable(dir, r) {
				continue
			}
			var missing []*gridsec.Certificate
			published := 0
			for _, c := range anchors(dir) {
				if !publishesCRL(dir, c) {
					continue
				}
				published++
				if len(crlsOf(dir, c)) == 0 {
					missing = append(missing, c)
				}
			}
			reportMissing(r, dir, missing, published)
		}
	},
}

// reportMissing says it once where no CA has a CRL: then fetch-crl does not run.
func reportMissing(r *lint.Reporter, dir *gridsec.Dir, missing []*gridsec.Certificate, published int) {
	if len(missing) == published && published > 1 {
		r.Path(dir.Path, "none of the %d CAs that publish a CRL has one here, want fetch-crl run regularly: revoked certificates get in", published)
		return
	}
	for _, c := range missing {
		r.Path(c.File.Path, "there is no CRL of %s (%08x.r0), want it fetched: certificates that it revoked get in", c.SubjectName, c.Hash).About(c.SubjectName)
	}
}

// crlsOf are the CRLs that a lookup finds for certificates of the CA.
func crlsOf(dir *gridsec.Dir, ca *gridsec.Certificate) []*gridsec.CRL {
	var found []*gridsec.CRL
	for n := 0; ; n++ {
		e := dir.Lookup(slot{hash: ca.Hash, crl: true, number: n}.name())
		if e == nil {
			return found
		}
		if e.File == nil || e.File.DER {
			continue
		}
		for _, crl := range e.File.CRLs {
			if crl.IssuerName == ca.SubjectName {
				found = append(found, crl)
			}
		}
	}
}

// publishesCRL says whether the distribution gives an address of the CA's CRL.
func publishesCRL(dir *gridsec.Dir, ca *gridsec.Certificate) bool {
	for _, file := range companions(dir, ca.File) {
		if len(file.CRLURLs) > 0 || file.CAInfo != nil && file.CAInfo.CRLURL.Text != "" {
			return true
		}
	}
	return false
}
