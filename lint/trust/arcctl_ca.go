package trust

import (
	"bytes"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var arcctlCA = &lint.Rule{
	ID:    "trust/arcctl-ca",
	Title: "A CA was installed by `arcctl deploy ca-cert` or `arcctl test-ca`",
	Why: "`arcctl deploy ca-cert` installs any certificate, for the key fetch and for clients alike. " +
		"It writes a signing policy for the names beside the CA's own, which mostly are not the names that the CA gives. " +
		"It writes no .info and no .crl_url file, so nothing ever fetches a CRL or notices that the CA is gone. " +
		"A test CA has its private key on some host; it is for trying things out.",
	Source:   "arc-checks b6; S72 src/utils/python/arc/control/CertificateGenerator.py",
	Impact:   lint.Hygiene,
	Severity: lint.Warning,
	Action:   "Install the IGTF package of this CA in its place. If only a token issuer needs the CA, use the recipe trust-issuer.",
	Recipe:   "undo-arcctl-deploy",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d, c := range allAnchors(s) {
			p := policedBy(d, c)
			if p.file == nil || p.file.Source == nil || !bytes.Equal(p.file.Source.Data, arcctlPolicy(c.SubjectName)) || d.hasInfo(c) {
				continue
			}
			r.Path(c.File.Path, "the certificate of %s was installed by arcctl", commonName(c.SubjectName)).
				Means("ARC trusts it for clients and token issuers alike. Its signing policy is for %s. arcctl writes no .info and no .crl_url file.", subjectsOf(p)).
				About(c.SubjectName).With("path", c.File.Path)
		}
	},
}

// arcctlPolicy is the signing policy that arcctl writes.
func arcctlPolicy(subject string) []byte {
	base := subject[:max(strings.LastIndexByte(subject, '/'), 0)]
	return []byte("# EACL for " + subject + "\n" +
		"access_id_CA  X509   '" + subject + "'\n" +
		"pos_rights    globus CA:sign\n" +
		"cond_subjects globus '\"" + base + "/*\"'\n")
}

func (d *directory) hasInfo(c *gridsec.Certificate) bool {
	for _, file := range d.companions(c.File) {
		if file.CAInfo != nil {
			return true
		}
	}
	return false
}

func subjectsOf(p policed) string {
	var patterns []string
	for _, e := range p.entries() {
		for _, pattern := range e.Subjects {
			patterns = append(patterns, pattern.Text)
		}
	}
	return list(patterns)
}
