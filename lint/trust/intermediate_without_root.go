package trust

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var intermediateWithoutRoot = &lint.Rule{
	ID:       "trust/intermediate-without-root",
	Title:    "An intermediate CA is in the trust directory without its root",
	Why:      "OpenSSL ends a chain only at a self-signed root, since ARC does not ask for partial chains. An intermediate CA alone, or a cross certificate without the root that signed it, admits nobody.",
	Source:   "arc-behaviour D5, D6",
	Impact:   lint.Outage,
	Facts:    []string{"D5"},
	Severity: lint.Warning,
	Effect:   "OpenSSL ends a chain only at a root, so this CA alone admits nobody.",
	Recipe:   lint.Manual,
	ByHand: `Find the issuer, and whether it is a CA whose users are to get in:

    cd /etc/grid-security/certificates
    openssl x509 -in HASH.0 -noout -subject -issuer -issuer_hash

If it is, install the root with its signing policy from the package that holds
it. If nobody needs the CA, remove the intermediate. If the root is a public
CA, read this before: on ARC 7 it admits every client certificate under it.

    arclint explain trust/public-ca-admits-clients

See that a certificate of a user gets in:

    arclint verify --purpose client user-chain.pem`,
	Check: func(s *site.Site, r *lint.Reporter) {
		for d, c := range allAnchors(s) {
			if maySign(c) && !selfIssued(c) && len(d.named[c.IssuerHash]) == 0 && !d.hasRoot(c) {
				r.Path(c.File.Path, "the issuer of %s, an intermediate CA, is not here", commonName(c.SubjectName)).
					Do("Install the root above it (its issuer is %s), or remove this CA.", c.IssuerName).
					About(c.SubjectName)
			}
		}
	},
}

// hasRoot says whether a self-signed certificate of the same subject is
// there: then this one is a cross certificate that nobody needs.
func (d *directory) hasRoot(c *gridsec.Certificate) bool {
	return slices.ContainsFunc(d.named[c.Hash], selfIssued)
}
