// Package verify answers one question: would this ARC CE accept this chain,
// for the TLS connection that fetches an issuer's keys or for an incoming
// client? It builds the chain as OpenSSL does, from the places where this ARC
// release looks, and says why.
package verify

import (
	"strconv"

	"arclint/internal/gridsec"
)

// Purpose is what the chain is for.
type Purpose string

// The purposes.
const (
	Issuer Purpose = "issuer" // the server certificate that the key fetch meets
	Client Purpose = "client" // the certificate of an incoming client
)

// Reason is a stable code of the machine contract.
type Reason string

// The reasons.
const (
	OK             Reason = "ok"
	NoAnchor       Reason = "no-anchor"
	NoIntermediate Reason = "no-intermediate"
	Expired        Reason = "expired"
	NotYetValid    Reason = "not-yet-valid"
	CRLExpired     Reason = "crl-expired"
	CRLNotYetValid Reason = "crl-not-yet-valid"
	CRLBadSig      Reason = "crl-bad-signature"
	Revoked        Reason = "revoked"
	SigningPolicy  Reason = "signing-policy"
	WrongPurpose   Reason = "purpose"
	NotACA         Reason = "not-a-ca"
	PathLength     Reason = "path-length"
	NameConstraint Reason = "name-constraint"
	BadSignature   Reason = "bad-signature"
	WeakKey        Reason = "weak-key"
	Unreadable     Reason = "unreadable"
)

// Verdict is what this CE does with a chain.
type Verdict struct {
	Accepted bool
	Reason   Reason
	Anchor   *gridsec.Certificate   // the trust anchor of the path, nil if none was found
	Path     []*gridsec.Certificate // leaf first
	Trace    []Step
}

// Step is one step of the reasoning, for people.
type Step struct {
	Text   string
	Source string // what proves it, "arc-behaviour D1"; may be empty
	Path   string // the file it is about; may be empty
}

func quoted(s string) string { return strconv.Quote(s) }
