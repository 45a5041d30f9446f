package trust

import (
	"arclint/internal/openssl"
	"arclint/internal/source"
)

// IssuerTrust says how this CE comes to trust the keys of one token issuer,
// and who else that lets in (`arclint trust`, docs/audit.md).
type IssuerTrust struct {
	Issuer           string        // as written in arc.conf, or in tokenissuers
	NamedAt          []source.Span // the fields of arc.conf that name it, or the file issuer
	ChainFrom        ChainFrom
	KeyFetch         KeyFetch
	Reason           string // why, in a sentence
	Code             Reason // of the verdict on the chain, "" where none was judged
	Anchor           string // one-line subject of the trust anchor: of the one used, or of the missing one where its name is known; else ""
	Missing          string // one-line subject of the CA that was neither sent nor found, "" where none is missing
	Never            bool   // no keys can ever come, whatever is installed: it is no https URL of a server
	NoDomain         bool   // it is a word without scheme and dots, which ARC 7 takes for the name of a server
	ClientCertSameCA Answer
	ImpersonationBy  ImpersonationBy
	ImpersonationWhy string
	Trace            []Step
}

// LacksAnchor says whether a chain was judged and refused because the CA is
// missing where the fetch looks.
func (t IssuerTrust) LacksAnchor() bool { return t.Code == openssl.NoAnchor }

// MissingAnchor is the subject of the CA for which a chain was refused since it is
// not trusted, "" where the chain was refused for another reason, or accepted.
func MissingAnchor(v Verdict) string {
	if v.Reason != openssl.NoAnchor || len(v.Path) == 0 {
		return ""
	}
	return v.Path[len(v.Path)-1].IssuerName
}

// LacksIntermediate says whether it was refused because an intermediate CA is
// missing, as far as names tell.
func (t IssuerTrust) LacksIntermediate() bool { return t.Code == openssl.NoIntermediate }

// ChainFrom says where the chain that the issuer serves is known from.
type ChainFrom string

// KeyFetch says what comes of the CE's attempt to fetch the issuer's keys.
type KeyFetch string

// Answer is what the CE would do, or unknown.
type Answer string

// ImpersonationBy says whose certificates would let their holder, on the
// network path, pose as the issuer.
type ImpersonationBy string

// The values of the machine contract.
const (
	FromEvidence ChainFrom = "evidence"
	FromRegistry ChainFrom = "registry"
	FromPinned   ChainFrom = "pinned"
	FromNone     ChainFrom = "none"

	FetchAccepted KeyFetch = "accepted"
	FetchRefused  KeyFetch = "refused"
	FetchPinned   KeyFetch = "pinned"
	FetchUnknown  KeyFetch = "unknown"

	Accepted Answer = "accepted"
	Refused  Answer = "refused"
	Unknown  Answer = "unknown"

	ByPublic  ImpersonationBy = "public"
	ByGrid    ImpersonationBy = "grid"
	ByNobody  ImpersonationBy = "closed"
	ByUnknown ImpersonationBy = "unknown"
)
