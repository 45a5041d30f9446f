package openssl

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"time"

	"arclint/internal/gridsec"
)

// distributionPoint is RFC 5280 section 4.2.1.13.
type distributionPoint struct {
	Name      distributionPointName `asn1:"optional,tag:0"`
	Reasons   asn1.BitString        `asn1:"optional,tag:1"`
	CRLIssuer []asn1.RawValue       `asn1:"optional,tag:2"`
}

type distributionPointName struct {
	Full     []asn1.RawValue `asn1:"optional,tag:0"`
	Relative asn1.RawValue   `asn1:"optional,tag:1"`
}

// issuingPoint is RFC 5280 section 5.2.5.
type issuingPoint struct {
	Name          distributionPointName `asn1:"optional,tag:0"`
	OnlyUser      bool                  `asn1:"optional,tag:1"`
	OnlyCA        bool                  `asn1:"optional,tag:2"`
	Reasons       asn1.BitString        `asn1:"optional,tag:3"`
	Indirect      bool                  `asn1:"optional,tag:4"`
	OnlyAttribute bool                  `asn1:"optional,tag:5"`
}

// allReasons is every reason for a revocation (CRLDP_ALL_REASONS).
const allReasons = 0x807f

func reasonBits(s asn1.BitString) int {
	if s.BitLength == 0 && s.Bytes == nil {
		return allReasons
	}
	bits := 0
	for i, b := range s.Bytes[:min(2, len(s.Bytes))] {
		bits |= int(b) << (8 * i)
	}
	return bits & allReasons
}

// crlFacts are what OpenSSL keeps of a CRL (crl_cb in x_crl.c).
type crlFacts struct {
	*gridsec.CRL
	issuer         string
	critical       bool // a critical extension that OpenSSL does not know
	point          *issuingPoint
	badPoint       bool
	authorityKeyID *authorityKeyID
	delta          bool
}

func newCRLFacts(crl *gridsec.CRL) *crlFacts {
	f := &crlFacts{CRL: crl}
	f.issuer, _ = canonicalName(crl.RawIssuer)
	for _, e := range crl.Extensions {
		switch oid := e.Id.String(); oid {
		case extIssuingPoint:
			f.point = new(issuingPoint)
			f.badPoint = !unmarshal(e.Value, f.point) || f.point.contradicts()
		case extAuthorityKeyID:
			f.authorityKeyID = readAuthorityKeyID(e.Value)
		case extDeltaCRL:
			f.delta = true
		default:
			f.critical = f.critical || e.Critical
		}
	}
	for _, revoked := range crl.RevokedCertificateEntries {
		for _, e := range revoked.Extensions {
			f.critical = f.critical || e.Critical && e.Id.String() != extCertificateIssuer
		}
	}
	return f
}

func (p *issuingPoint) contradicts() bool {
	only := 0
	for _, set := range []bool{p.OnlyUser, p.OnlyCA, p.OnlyAttribute} {
		if set {
			only++
		}
	}
	return only > 1
}

// How suitable a CRL is (CRL_SCORE_* in x509_vfy.c); a higher one is better.
const (
	scoreNotCritical = 0x100
	scoreInScope     = 0x080
	scoreInTime      = 0x040
	scoreIssuerName  = 0x020
	scoreIssuer      = 0x018 // the certificate's own issuer signs it
	scoreKeyOnPath   = 0x008 // another certificate of the path does
	scoreKey         = 0x004
)

// checkRevocation looks for a CRL of the leaf's issuer, and of no other
// (X509_V_FLAG_CRL_CHECK without _ALL; arc-behaviour S9).
//
// Source: check_revocation and check_cert of x509_vfy.c.
func (r *run) checkRevocation() *Refusal {
	leaf := r.path[0]
	if leaf.proxy || leaf.selfSigned && r.Profile.SkipsSelfSigned {
		return nil
	}
	for covered := 0; covered != allReasons; {
		choice := r.bestCRL(leaf, covered)
		if choice == nil {
			return r.noCRL(leaf, covered == 0)
		}
		if f := r.checkCRL(leaf, choice); f != nil {
			return f
		}
		if choice.covered == covered {
			return r.noCRL(leaf, false)
		}
		covered = choice.covered
	}
	return nil
}

// noCRL is X509_V_ERR_UNABLE_TO_GET_CRL, which the application may forgive: its
// callback then sees a certificate without a fault. none tells that no CRL was
// found at all, and not merely none for the reasons that are left.
func (r *run) noCRL(leaf *facts, none bool) *Refusal {
	if r.NeedsCRL {
		return &Refusal{Reason: NoCRL, Text: "no CRL of " + leaf.IssuerName + " was found", Source: "openssl-verify(1), -crl_check"}
	}
	if none {
		r.note("no CRL of "+leaf.IssuerName+" was found, which is allowed", "arc-behaviour S9", "")
	}
	return r.ask(leaf)
}

// scoredCRL is a CRL with what makes it suitable.
type scoredCRL struct {
	*crlFacts
	score   int
	signer  *facts
	covered int // reasons, with those of the CRLs before
}

// bestCRL is get_crl_delta: the one with the highest score, the newest of
// equals.
func (r *run) bestCRL(leaf *facts, covered int) *scoredCRL {
	var best *scoredCRL
	for _, crl := range r.revocations(leaf.issuer, leaf.IssuerHash) {
		c := r.score(newCRLFacts(crl), leaf, covered)
		switch {
		case c == nil, best != nil && c.score < best.score:
		case best != nil && c.score == best.score && !c.ThisUpdate.After(best.ThisUpdate):
		default:
			best = c
		}
	}
	return best
}

// score is get_crl_score; nil stands for a CRL that is of no use.
func (r *run) score(crl *crlFacts, leaf *facts, covered int) *scoredCRL {
	c := &scoredCRL{crlFacts: crl, covered: covered}
	if crl.badPoint || crl.point != nil && (crl.point.Indirect || crl.point.Reasons.Bytes != nil) || crl.issuer != leaf.issuer {
		return nil
	}
	c.score = scoreIssuerName
	if !crl.critical {
		c.score |= scoreNotCritical
	}
	if crlInTime(crl, r.now) == "" {
		c.score |= scoreInTime
	}
	if !r.findSigner(c) {
		return nil
	}
	if reasons, ok := scope(leaf, crl); ok {
		if reasons&^covered == 0 {
			return nil
		}
		c.covered |= reasons
		c.score |= scoreInScope
	}
	return c
}

// findSigner is crl_akid_check: the issuer of the leaf, else a certificate
// further up that has the name.
func (r *run) findSigner(c *scoredCRL) bool {
	at := min(1, len(r.path)-1)
	if c.authorityKeyID.names(r.path[at]) {
		c.signer, c.score = r.path[at], c.score|scoreKey|scoreIssuer
		return true
	}
	for _, above := range r.path[at+1:] {
		if above.subject == c.issuer && c.authorityKeyID.names(above) {
			c.signer, c.score = above, c.score|scoreKey|scoreKeyOnPath
			return true
		}
	}
	return false
}

// scope says for which reasons the CRL speaks of the certificate; ok is false
// where it does not (crl_crldp_check).
func scope(leaf *facts, crl *crlFacts) (reasons int, ok bool) {
	if p := crl.point; p != nil && (p.OnlyAttribute || leaf.isCA && p.OnlyUser || !leaf.isCA && p.OnlyCA) {
		return 0, false
	}
	for _, point := range leaf.crlPoints {
		if point.namesIssuer(crl) && (crl.point == nil || point.Name.meets(crl.point.Name)) {
			return reasonBits(point.Reasons), true
		}
	}
	return allReasons, crl.point == nil || crl.point.Name.empty()
}

// namesIssuer says whether the CRL is by whom the distribution point names, or
// by anyone if it names nobody.
func (d distributionPoint) namesIssuer(crl *crlFacts) bool {
	if d.CRLIssuer == nil {
		return true
	}
	for _, n := range d.CRLIssuer {
		if name, _ := canonicalName(n.Bytes); n.Tag == nameDirectory && name == crl.issuer {
			return true
		}
	}
	return false
}

func (n distributionPointName) empty() bool { return n.Full == nil && n.Relative.FullBytes == nil }

// meets says whether two distribution points have a name in common
// (idp_check_dp). Names relative to the issuer, which no CA in use writes, count
// as different.
func (n distributionPointName) meets(other distributionPointName) bool {
	if n.empty() || other.empty() {
		return true
	}
	for _, a := range n.Full {
		for _, b := range other.Full {
			if bytes.Equal(a.FullBytes, b.FullBytes) {
				return true
			}
		}
	}
	return false
}

// crlInTime is the reason why the CRL does not count at that time, "" if it does.
func crlInTime(crl *crlFacts, now time.Time) Reason {
	switch {
	case crl.ThisUpdate.After(now):
		return CRLNotYetValid
	case !crl.NextUpdate.IsZero() && !crl.NextUpdate.After(now):
		return CRLExpired
	}
	return ""
}

// checkCRL is check_crl and cert_crl.
func (r *run) checkCRL(leaf *facts, c *scoredCRL) *Refusal {
	path := ""
	if c.File != nil {
		path = c.File.Path
	}
	refuse := func(reason Reason, text string) *Refusal {
		return &Refusal{Reason: reason, Text: text, Source: "arc-behaviour D9", Path: path}
	}
	switch {
	case !c.delta && lacks(c.signer.keyUsage, kuCRLSign):
		return refuse(CRLBadSig, "the key usage of "+c.signer.SubjectName+" has no cRLSign")
	case !c.delta && c.score&scoreInScope == 0:
		return refuse(CRLBadSig, "the CRL of "+c.IssuerName+" does not speak of such certificates")
	case crlInTime(c.crlFacts, r.now) == CRLNotYetValid:
		return refuse(CRLNotYetValid, "the CRL of "+c.IssuerName+" is valid from "+c.ThisUpdate.UTC().Format(timeLayout)+" on")
	case crlInTime(c.crlFacts, r.now) == CRLExpired:
		return refuse(CRLExpired, "the CRL of "+c.IssuerName+" expired at "+c.NextUpdate.UTC().Format(timeLayout))
	}
	if err := checkSignature(c.signer, c.SignatureAlgorithm, c.RawTBSRevocationList, c.Signature); err != nil {
		return refuse(CRLBadSig, "the CRL of "+c.IssuerName+" is not signed by the key of "+c.signer.SubjectName+": "+err.Error())
	}
	if c.critical {
		return refuse(Unreadable, "the CRL of "+c.IssuerName+" has a critical extension that OpenSSL does not know")
	}
	if isRevoked(c.RevokedCertificateEntries, leaf.SerialNumber) {
		return refuse(Revoked, "the CRL of "+c.IssuerName+" revokes "+leaf.SubjectName)
	}
	r.note("the CRL of "+c.IssuerName+" does not revoke "+leaf.SubjectName, "arc-behaviour D9", path)
	return nil
}

// reasonRemoved takes a certificate out of the list again (RFC 5280 section
// 5.3.1).
const reasonRemoved = 8

func isRevoked(entries []x509.RevocationListEntry, serial *big.Int) bool {
	for _, e := range entries {
		if e.SerialNumber.Cmp(serial) == 0 {
			return e.ReasonCode != reasonRemoved
		}
	}
	return false
}
