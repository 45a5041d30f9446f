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
		"`arcctl deploy ca-cert` writes neither file. The rule leaves out public CAs: the CRLs of their roots list intermediate CAs only, for which ARC looks at no CRL.",
	Source:   "arc-behaviour D9, S9; arc-checks b6",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"D9"},
	Severity: lint.Warning,
	Effect:   "fetch-crl never fetches its CRL, and certificates that the CA revoked get in.",
	Action:   "Write the address of the CRL into a .crl_url file beside the certificate.",
	Recipe:   lint.Manual,
	ByHand: `Find the address of the CRL in a certificate that the CA issued, or ask the CA:

    openssl x509 -in usercert.pem -noout -ext crlDistributionPoints

Write it into a file with the name of the certificate and .crl_url at its end,
such as HASH.crl_url:

    http://ca.example.org/ca.crl

Fetch the CRL, and see that it is there:

    fetch-crl
    openssl crl -in /etc/grid-security/certificates/HASH.r0 -noout -nextupdate
    arclint check`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			for _, file := range d.Files {
				c := d.caOf(file)
				if c == nil || d.publishesCRL(c) || s.Now.After(c.NotAfter) {
					continue
				}
				if _, public := publicRoot(c); public {
					continue
				}
				if seen, _ := d.Chain(c.Hash, "r"); len(seen) == 0 {
					r.Path(file.Path, "no .info or .crl_url file has the address of the CRL of %s", commonName(c.SubjectName)).About(c.SubjectName)
				}
			}
		}
	},
}

// caOf is the first CA of the file that a lookup finds.
func (d *directory) caOf(file *gridsec.File) *gridsec.Certificate {
	for _, c := range d.anchors {
		if c.File == file && maySign(c) {
			return c
		}
	}
	return nil
}
