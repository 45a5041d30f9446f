package trust

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var sha1Refused = &lint.Rule{
	ID:    "trust/sha1-refused",
	Title: "A CRL is signed with SHA-1, which the crypto policy of this host refuses",
	Why: "On EL 9 and later the crypto policy DEFAULT lets OpenSSL accept no signature with SHA-1. A CRL that has one then fails like a forged one: every end-entity certificate of its CA is refused. " +
		"Certificates signed with SHA-1 are refused everywhere, by the security level; the signature of a root on itself is not looked at.",
	Source:   "crypto-policies(7); WLCG twiki LCG/EL9vsSHA1CAs; xrootd#2150; arc-behaviour D7, D9",
	Impact:   lint.Outage,
	Facts:    []string{"D9"},
	Severity: lint.Error,
	Effect:   "The crypto policy of this host refuses it, and with it every certificate that the CA gave to a user or host.",
	Action:   "Ask the CA for a CRL with SHA-256.",
	Recipe:   lint.Manual,
	ByHand: `See which policy the host has, and how the CRL is signed:

    cat /etc/crypto-policies/state/current
    openssl crl -in CRL -noout -text

Ask the CA for a CRL with SHA-256: most have one by now. Fetch it:

    fetch-crl

Let all programs of this host accept SHA-1 only if users cannot wait: it weakens
them all. Use update-crypto-policies with DEFAULT:SHA1 on EL 9, and restart the
services:

    systemctl try-restart arc-arex arc-arex-ws`,
	Check: func(s *site.Site, r *lint.Reporter) {
		refuses, unseen := trust.RefusesSHA1(s)
		if !refuses && unseen == "" {
			return
		}
		for _, i := range issuedCRLs(s) {
			if !gridsec.WithSHA1(i.crl.SignatureAlgorithm) || hasOtherInForce(s, i) {
				continue
			}
			if !refuses {
				r.Skip("the CRL of %s is signed with SHA-1, and %s, which says whether this host accepts that, could not be read: add it to the copy", i.crl.IssuerName, unseen)
				continue
			}
			r.Path(i.path(), "the CRL of %s is signed with SHA-1", commonName(i.crl.IssuerName)).
				About(i.crl.IssuerName)
		}
	},
}

// hasOtherInForce says whether the CA has a CRL in force with another signature:
// one is enough for OpenSSL (arc-behaviour D9).
func hasOtherInForce(s *site.Site, i issued) bool {
	return slices.ContainsFunc(issuedCRLs(s), func(other issued) bool {
		return other.dir == i.dir && other.crl.IssuerHash == i.crl.IssuerHash && other.signed &&
			current(s, other.crl) && !gridsec.WithSHA1(other.crl.SignatureAlgorithm)
	})
}
