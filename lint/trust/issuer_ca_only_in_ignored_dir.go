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
	Title: "The CA of an issuer's server is only in x509_cert_dir, where ARC does not look for it",
	Why: "x509_cert_dir is for client certificates only. For the keys of an issuer, every ARC release looks in /etc/grid-security/certificates, a path that is fixed in its code. " +
		"If a CA is only in x509_cert_dir, its clients get in and ARC refuses the issuer's tokens: the opposite of what was meant.",
	Source:   "arc-behaviour H1; S72 src/hed/shc/otokens/OTokensSH.cpp, src/hed/mcc/tls/ConfigTLSMCC.cpp",
	Impact:   lint.Outage,
	Facts:    []string{"H1"},
	Severity: lint.Error,
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, it := range trust.Issuers(s) {
			if !onlyInIgnoredDir(s, it) {
				continue
			}
			f := at(s, r, it, "tokens of %s are refused: its CA is in x509_cert_dir only", it.Issuer).
				Means("%s", noKeysNoCheck+" It does not look in x509_cert_dir for the CA of the issuer's server, "+it.Anchor+".").
				Do("%s", orPin(s, "install that root in "+site.GridCADir)).
				With("anchor", it.Anchor)
			if _, span, ok := s.Written("common", "x509_cert_dir"); ok {
				f.Relate(span, "this directory is for client certificates only")
			}
		}
	},
}

// onlyInIgnoredDir says whether the fetch fails because its anchor is in
// x509_cert_dir only.
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
