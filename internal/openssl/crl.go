package openssl

import (
	"errors"
	"time"

	"arclint/internal/certificate"
	"arclint/internal/gridsec"
)

// crlFacts are what OpenSSL keeps of a CRL (crl_cb in x_crl.c).
type crlFacts struct {
	*gridsec.CRL
	issuer         string
	critical       bool // a critical extension that OpenSSL does not know
	point          *issuingPoint
	authorityKeyID *authorityKeyID
	badPoint       bool
	delta          bool
	badNextUpdate  bool
}

func newCRLFacts(p Profile, crl *gridsec.CRL) *crlFacts {
	f := &crlFacts{CRL: crl}
	f.issuer, _ = canonicalName(crl.RawIssuer)
	f.badNextUpdate = certificate.HasBadNextUpdate(crl.RevocationList)
	for _, e := range crl.Extensions {
		oid := e.Id.String()
		f.critical = f.critical || e.Critical && oid != extIssuingPoint && oid != extAuthorityKeyID && oid != extDeltaCRL
	}
	// One that cannot be read, or that is there twice, counts as none.
	if der, ok := f.only(extIssuingPoint); ok {
		f.point, _ = readIssuingPoint(der, crl.RawIssuer)
		f.badPoint = f.point != nil && (f.point.contradicts() || p.RefusesEmptyPoint && f.point.empty())
	}
	if der, ok := f.only(extAuthorityKeyID); ok {
		f.authorityKeyID = readAuthorityKeyID(der)
	}
	_, f.delta = f.only(extDeltaCRL)
	for e := range f.entries() {
		f.critical = f.critical || e.critical
	}
	return f
}

// only is the value, in DER, of the one extension of that OID; ok is false where there
// is none, more than one, or one that cannot be read.
func (f *crlFacts) only(oid string) (der []byte, ok bool) {
	found := 0
	for _, e := range f.Extensions {
		if e.Id.String() == oid {
			found++
			der, ok = certificate.Extension(oid, e.Value)
		}
	}
	return der, ok && found == 1
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
	if r.NoCRLs || leaf.proxy || leaf.selfSigned && r.Profile.SkipsSelfSigned {
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
		c := r.score(newCRLFacts(r.Profile, crl), leaf, covered)
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
	p := crl.point
	if crl.badPoint || crl.delta && r.Profile.SkipsDeltas || p != nil && (p.indirect || p.someReasons) || crl.issuer != leaf.issuer {
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
	if p := crl.point; p != nil && (p.onlyAttribute || leaf.isCA && p.onlyUser || !leaf.isCA && p.onlyCA) {
		return 0, false
	}
	for _, point := range leaf.crlPoints {
		if point.namesIssuer(crl) && (crl.point == nil || point.name.meets(crl.point.name)) {
			return point.reasons, true
		}
	}
	return allReasons, crl.point == nil || crl.point.name == nil
}

// namesIssuer says whether the CRL is by whom the distribution point names, or
// by anyone if it names nobody.
func (d distributionPoint) namesIssuer(crl *crlFacts) bool {
	return d.crlIssuer == nil || holdsDirectory(d.crlIssuer, crl.issuer)
}

// crlInTime is the reason why the CRL does not count at that time, "" if it does.
func crlInTime(crl *crlFacts, now time.Time) Reason {
	switch {
	case crl.ThisUpdate.IsZero() || crl.badNextUpdate:
		return Unreadable
	case crl.ThisUpdate.After(now):
		return CRLNotYetValid
	case !crl.NextUpdate.IsZero() && !crl.NextUpdate.After(now):
		return CRLExpired
	}
	return ""
}

// listSignature is that of a CRL as this OpenSSL looks at it (X509_CRL_verify); ok is
// false where it knows no such kind, or the key is of another one.
func (p Profile) listSignature(list *gridsec.CRL, key certificate.Kind) (signature certificate.Signature, ok bool) {
	signature = certificate.SignatureOf(list.Raw)
	if !p.ComparesListAlgorithms {
		signature.Inner = signature.Outer
	}
	return signature, p.scheme(signature.Outer).Fits(key)
}

// SignedList says whether this OpenSSL finds that the key of the CA signed the CRL;
// doubt is why that cannot be told, else "".
func (p Profile) SignedList(list *gridsec.CRL, ca *gridsec.Certificate) (signed bool, doubt string) {
	kind, key := certificate.Key(ca.RawSubjectPublicKeyInfo)
	signature, ok := p.listSignature(list, kind)
	if !ok {
		return false, ""
	}
	err := certificate.Check(kind, key, signature, list.RawTBSRevocationList, list.Signature)
	if errors.As(err, new(certificate.Uncheckable)) {
		return false, err.Error()
	}
	return err == nil, ""
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
	case crlInTime(c.crlFacts, r.now) == Unreadable:
		return refuse(Unreadable, "the CRL of "+c.IssuerName+" has a time that OpenSSL cannot read")
	case crlInTime(c.crlFacts, r.now) == CRLNotYetValid:
		return refuse(CRLNotYetValid, "the CRL of "+c.IssuerName+" is valid from "+c.ThisUpdate.UTC().Format(timeLayout)+" on")
	case crlInTime(c.crlFacts, r.now) == CRLExpired:
		return refuse(CRLExpired, "the CRL of "+c.IssuerName+" expired at "+c.NextUpdate.UTC().Format(timeLayout))
	}
	if f := r.Profile.refusesSHA1(c.SignatureAlgorithm, "the CRL of "+c.IssuerName, CRLBadSig, path); f != nil {
		return f
	}
	signature, ok := r.Profile.listSignature(c.CRL, c.signer.keyKind)
	if !ok {
		return refuse(CRLBadSig, "the CRL of "+c.IssuerName+" has a signature of a kind that this OpenSSL does not know or that is not of that key")
	}
	err := r.Store.seen.checkSignature(c.signer, signature, c.Raw, c.RawTBSRevocationList, c.Signature)
	if err != nil && !r.cannotCheck(err, "the signature of the CRL of "+c.IssuerName, path) {
		return refuse(CRLBadSig, "the CRL of "+c.IssuerName+" is not signed by the key of "+c.signer.SubjectName+": "+err.Error())
	}
	if c.critical {
		return refuse(Unreadable, "the CRL of "+c.IssuerName+" has a critical extension that OpenSSL does not know")
	}
	if c.revokes(leaf) {
		return refuse(Revoked, "the CRL of "+c.IssuerName+" revokes "+leaf.SubjectName)
	}
	r.note("the CRL of "+c.IssuerName+" does not revoke "+leaf.SubjectName, "arc-behaviour D9", path)
	return nil
}
