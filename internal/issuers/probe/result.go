package probe

import (
	"crypto/x509"
	"encoding/json"
	"slices"
	"time"

	"arclint/internal/release"
)

// releasesWhere are the measured releases that do so, oldest first.
func releasesWhere(does func(*release.Facts) bool) []string { return release.Default().Where(does) }

// allReleases are the releases of every Result, oldest first.
func allReleases() []string { return release.Default().Versions() }

func takesEC(f *release.Facts) bool   { return f.ECKeys }
func takesNoEC(f *release.Facts) bool { return !f.ECKeys }

// Result is what one issuer serves and what ARC makes of it.
type Result struct {
	Issuer   string    `json:"issuer"`
	At       time.Time `json:"at"`
	Servers  []Server  `json:"servers"` // the issuer's own first, then that of jwks_uri where it is another
	Metadata *Document `json:"metadata"`
	JWKS     *Document `json:"jwks"`
	Keys     []Key     `json:"keys"`
	Problems []Problem `json:"problems"`
	ARC      []Outcome `json:"arc"`

	keySet json.RawMessage // the array of keys as served; nil where there is none
}

// Server is one host and port that the key fetch connects to.
type Server struct {
	Host        string        `json:"host"`
	Port        string        `json:"port"`
	Chain       []Certificate `json:"chain"` // as served, leaf first
	NameMatches bool          `json:"name_matches"`
	SystemRoots SystemRoots   `json:"system_roots"`
	Anchor      Anchor        `json:"anchor"`

	served []*x509.Certificate
}

// SystemRoots is what this machine's own root store says of the chain. It is
// not the store of the CE.
type SystemRoots struct {
	Accepted bool   `json:"accepted"`
	Reason   string `json:"reason"` // "" where accepted
}

// Anchor is the CA in which the chain ends: of this machine's store where that
// accepts the chain, else as far as the chain itself tells.
type Anchor struct {
	Subject string `json:"subject"`
	Served  bool   `json:"served"` // the certificate of that CA is part of the chain as served
	Public  bool   `json:"public"` // it is, or goes by the name of, a root of the web
	IGTF    bool   `json:"igtf"`   // the same for the IGTF distribution
}

// Certificate is one certificate of a chain.
type Certificate struct {
	Subject    string    `json:"subject"`
	Issuer     string    `json:"issuer"`
	NotBefore  time.Time `json:"not_before"`
	NotAfter   time.Time `json:"not_after"`
	Key        string    `json:"key"`
	Signature  string    `json:"signature"`
	SHA256     string    `json:"sha256"`
	SPKISHA256 string    `json:"spki_sha256"`
}

// Document is an answer to one request. Its body is not kept.
type Document struct {
	URL         string `json:"url"`
	Status      int    `json:"status"`
	Location    string `json:"location"` // of a redirect, "" otherwise
	ContentType string `json:"content_type"`
	Bytes       int    `json:"bytes"`
}

func (d Document) redirects() bool { return d.Status >= 300 && d.Status < 400 }

// Key is what may be told of one key of the set.
type Key struct {
	Kid      string   `json:"kid"`
	HasKid   bool     `json:"has_kid"`
	Type     string   `json:"kty"`
	Alg      string   `json:"alg"`
	Curve    string   `json:"crv"`
	Bits     int      `json:"bits"` // of an RSA modulus
	Releases []string `json:"releases"`
}

// usableBy reports whether the release can check a token with the key.
func (k Key) usableBy(release string) bool { return slices.Contains(k.Releases, release) }

// Effect is what a problem does to tokens of the issuer.
type Effect string

// The values of Effect.
const (
	Refused   Effect = "refused"   // every token is
	Partial   Effect = "partial"   // some tokens are refused
	Needs     Effect = "needs"     // the CE needs a CA that is not obvious
	Unnoticed Effect = "unnoticed" // ARC does not look; others do, or it is weak
	Unknown   Effect = "unknown"   // the probe could not find out
)

// Problem is one thing that ARC stumbles over, or should.
type Problem struct {
	Code     string   `json:"code"`
	Effect   Effect   `json:"effect"`
	Releases []string `json:"releases"` // those that it concerns
	Message  string   `json:"message"`
	Source   string   `json:"source"` // what proves it
}

// Verdict is what becomes of the issuer's tokens on one release, provided that
// the CE trusts the chains.
type Verdict string

// The values of Verdict.
const (
	AllWork    Verdict = "usable"
	SomeWork   Verdict = "partial"
	NoneWorks  Verdict = "refused"
	CannotTell Verdict = "unknown"
)

// Outcome is the verdict for one release and the codes of the problems behind it.
type Outcome struct {
	Release string   `json:"release"`
	Verdict Verdict  `json:"verdict"`
	Because []string `json:"because"`
}

// add notes a problem of the releases given.
func (r *Result) add(p Problem) { r.Problems = append(r.Problems, p) }

// conclude sums the problems up for each release.
func (r *Result) conclude() {
	for _, release := range allReleases() {
		r.ARC = append(r.ARC, outcome(release, r.Problems))
	}
}

// outcome lets the worst effect decide.
func outcome(release string, problems []Problem) Outcome {
	verdicts := []struct {
		effect  Effect
		verdict Verdict
	}{{Refused, NoneWorks}, {Unknown, CannotTell}, {Partial, SomeWork}}
	for _, v := range verdicts {
		because := []string{}
		for _, p := range problems {
			if p.Effect == v.effect && slices.Contains(p.Releases, release) && !slices.Contains(because, p.Code) {
				because = append(because, p.Code)
			}
		}
		if len(because) > 0 {
			return Outcome{Release: release, Verdict: v.verdict, Because: because}
		}
	}
	return Outcome{Release: release, Verdict: AllWork, Because: []string{}}
}
