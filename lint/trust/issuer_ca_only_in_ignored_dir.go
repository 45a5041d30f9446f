package trust

import (
	"slices"

	"arclint/internal/site"
	"arclint/internal/verify"
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
		for _, it := range verify.Trust(s) {
			if !onlyInIgnoredDir(s, it) {
				continue
			}
			f := at(s, r, it, "the CA of %s stands only in x509_cert_dir, want it where the key fetch looks, %s: every token is refused", it.Issuer, site.GridCADir)
			if o := s.Conf.Block("common").First("x509_cert_dir"); o != nil {
				f.Relate(o.Value.Span, "no effect on the key fetch")
			}
		}
	},
}

// onlyInIgnoredDir says whether the fetch fails for want of an anchor that
// stands in x509_cert_dir.
func onlyInIgnoredDir(s *site.Site, it verify.IssuerTrust) bool {
	if it.KeyFetch != verify.FetchRefused || it.Anchor == "" {
		return false
	}
	inGrid := slices.ContainsFunc(anchors(s.GridDir), hasSubject(it.Anchor))
	for _, dir := range s.ClientDirs {
		if dir != s.GridDir && !inGrid && slices.ContainsFunc(anchors(dir), hasSubject(it.Anchor)) {
			return true
		}
	}
	return false
}
