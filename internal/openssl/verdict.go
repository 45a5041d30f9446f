// Package openssl builds and checks certificate chains as X509_verify_cert of
// OpenSSL does: the path from the store and from what the peer sent, then
// extensions, strength, the CRL of the leaf's issuer, signatures and names, in
// the same order, so that the first fault is the one that OpenSSL reports.
//
// It knows no site and no ARC: where to look, which OpenSSL it is and what the
// application's callback adds are fields of Engine.
package openssl

import (
	"strconv"

	"arclint/internal/gridsec"
)

// Purpose is the use that a chain is checked for (-purpose of openssl-verify(1)).
type Purpose int

// The purposes.
const (
	Server Purpose = iota // sslserver
	Client                // sslclient
	Any                   // none is asked for: extended key usages and trust settings are no matter
)

// String is the name that openssl-verify(1) knows.
func (p Purpose) String() string {
	switch p {
	case Client:
		return "sslclient"
	case Any:
		return "any"
	}
	return "sslserver"
}

// Reason is a stable code for why a chain is refused. Those of the machine
// contract are among them.
type Reason string

// The reasons.
const (
	OK             Reason = "ok"
	NoAnchor       Reason = "no-anchor"
	NoIntermediate Reason = "no-intermediate"
	Expired        Reason = "expired"
	NotYetValid    Reason = "not-yet-valid"
	NoCRL          Reason = "no-crl" // only where Engine.NeedsCRL is set
	CRLExpired     Reason = "crl-expired"
	CRLNotYetValid Reason = "crl-not-yet-valid"
	CRLBadSig      Reason = "crl-bad-signature"
	Revoked        Reason = "revoked"
	WrongPurpose   Reason = "purpose"
	NotACA         Reason = "not-a-ca"
	PathLength     Reason = "path-length"
	NameConstraint Reason = "name-constraint"
	BadSignature   Reason = "bad-signature"
	WeakKey        Reason = "weak-key"
	Unreadable     Reason = "unreadable"
	Unchecked      Reason = "unchecked-signature" // the answer is not known: see Verdict.Unchecked
)

// OfCRL says whether the reason is that the CRL does not count, which a new CRL
// mends.
func (r Reason) OfCRL() bool { return r == CRLExpired || r == CRLNotYetValid || r == CRLBadSig }

// Verdict is what OpenSSL and the application's callback make of a chain.
type Verdict struct {
	Accepted bool
	Reason   Reason
	Anchor   *gridsec.Certificate   // the trust anchor of the path, nil if none was found
	Path     []*gridsec.Certificate // leaf first
	Trace    []Step

	// Unseen is a file that arclint has not seen and on which the answer may
	// depend: it would be a CA that is missing here, or a CRL. Then the answer is
	// not known, whatever Accepted and Reason say. "" where there is none.
	Unseen string
	// Unchecked says which signature arclint cannot check, and why, where nothing else
	// is wrong with the chain: OpenSSL may accept it or not. "" where there is none.
	Unchecked string
}

// Known says whether the answer is known.
func (v Verdict) Known() bool { return v.Unseen == "" && v.Unchecked == "" }

// Doubt says, to people, why the answer is not known.
func (v Verdict) Doubt() string {
	if v.Unseen != "" {
		return v.Unseen + " was not read here"
	}
	return v.Unchecked
}

// Step is one step of the reasoning, for people.
type Step struct {
	Text   string
	Source string // what proves it, "arc-behaviour D1"; may be empty
	Path   string // the file it is about; may be empty
}

// Refusal is why a chain is refused.
type Refusal struct {
	Reason Reason
	Text   string // in a sentence
	Source string // what proves it, "arc-behaviour D7"; may be empty
	Path   string // the file it is about; may be empty
	Unseen string // of an answer that is not known: a file that the application may well read; else empty
}

func quoted(s string) string { return strconv.Quote(s) }
