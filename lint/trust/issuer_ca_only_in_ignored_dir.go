package trust

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var issuerCAOnlyInIgnoredDir = &lint.Rule{
	ID:    "trust/issuer-ca-only-in-ignored-dir",
	Title: "The issuer's CA stands only in x509_cert_dir, where the key fetch does not look",
	Why: "x509_cert_dir is for client certificates alone. For the keys of an issuer every ARC release looks in /etc/grid-security/certificates, a path that is fixed in its code. " +
		"A CA that stands only in x509_cert_dir lets its clients in and leaves the issuer's tokens refused: the opposite of what was wanted.",
	Source:   "arc-behaviour H1; S72 src/hed/shc/otokens/OTokensSH.cpp, src/hed/mcc/tls/ConfigTLSMCC.cpp",
	Facts:    []string{"H1"},
	Severity: lint.Error,
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, it := range trust.Issuers(s) {
			if !onlyInIgnoredDir(s, it) {
				continue
			}
			f := at(s, r, it, "ARC refuses the tokens of %s: the CA of its server, %s, stands in x509_cert_dir only, want %s: x509_cert_dir does not count when ARC fetches the keys that it needs to check a token",
				it.Issuer, it.Anchor, pinnedOr(s, "that root in "+site.GridCADir)).
				With("anchor", it.Anchor)
			if _, span, ok := s.Written("common", "x509_cert_dir"); ok {
				f.Relate(span, "this is for client certificates alone")
			}
		}
	},
}

// onlyInIgnoredDir says whether the fetch fails for want of an anchor that
// stands in x509_cert_dir.
func onlyInIgnoredDir(s *site.Site, it trust.IssuerTrust) bool {
	if it.KeyFetch != trust.FetchRefused || !it.LacksAnchor() || it.Anchor == "" {
		return false
	}
	holds := func(d *directory) bool {
		return slices.ContainsFunc(d.anchors, func(c *gridsec.Certificate) bool { return c.SubjectName == it.Anchor })
	}
	for _, d := range trustDirs(s) {
		if d.Dir == s.GridDir && holds(d) {
			return false
		}
	}
	return slices.ContainsFunc(clientDirs(s), holds)
}
