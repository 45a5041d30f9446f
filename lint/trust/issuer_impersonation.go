package trust

import (
	"arclint/internal/site"
	"arclint/internal/verify"
	"arclint/lint"
)

var issuerImpersonation = &lint.Rule{
	ID:    "trust/issuer-impersonation",
	Title: "Any holder of a certificate of a public CA can pose as a token issuer",
	Why: "ARC does not compare the certificate that it meets when it fetches an issuer's keys with the issuer's host name. " +
		"Whoever is on the network path, or can make the CE's name service answer wrongly, and holds any server certificate of a CA that the fetch trusts, can hand the CE keys of their own and sign tokens for any subject. " +
		"Certificates of public CAs are free for everybody. Pinned keys do not prevent it: a token with an unknown key id makes ARC 7 fetch, and the answer replaces the pinned keys.",
	Source:   "arc-behaviour S10, S12, H1, H4; WLCG common JWT profile section 4.2 (hostname verification)",
	Facts:    []string{"S10", "S12", "H1", "H4", "G3"},
	Severity: lint.Warning,
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, it := range verify.Trust(s) {
			if it.ImpersonationBy == verify.ByPublic {
				at(s, r, it, "anybody with a certificate of a public CA can pose as %s on the network path: %s; want only CAs in the key fetch whose certificates are not for everybody", it.Issuer, it.ImpersonationWhy)
			}
		}
	},
}
