package admission

import (
	"errors"
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/jose"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/trust"
)

// lookAtToken says whether the token counts, as far as its envelope and the keys
// of its issuer tell.
func (a *asking) lookAtToken() {
	claims := a.person.Claims
	if claims == nil {
		return
	}
	a.identity.Claims = claims
	issuer := claims.Issuer()
	if a.person.Token != nil {
		a.signature = Signature{State: NotChecked}
		if why, fact := a.envelope(a.person.Token.Header); why != "" {
			a.refuse("header of the token", fact, why)
			a.signature.Why = why
			return
		}
	}
	if issuer == "" {
		a.signature.Why = "the token names no issuer"
		return // access says so
	}
	if a.askPinned(issuer) {
		return
	}
	fetch := trust.FetchOf(a.site, issuer)
	switch fetch.KeyFetch {
	case trust.FetchRefused:
		a.refuse("keys of the issuer", "", noKeys(fetch))
		a.signature.Why = "the CE has no key"
		return
	case trust.FetchAccepted:
		a.step(source.Span{}, "keys of the issuer", "arc-behaviour I1", "the CE can fetch the keys of %s: %s", issuer, fetch.Reason)
	default:
		a.unsettle("whether the CE can fetch the keys of " + issuer + ": " + fetch.Reason)
	}
	a.askEvidence(issuer)
}

// keyless says why the CE has no keys for a token of which only the claims are
// known, "" where it has some, may have, or where the claims name no issuer.
func keyless(s *site.Site, claims *access.Claims) string {
	if fetch, asked := fetchFor(s, claims); asked && fetch.KeyFetch == trust.FetchRefused {
		return noKeys(fetch)
	}
	return ""
}

// fetchFor says what comes of the fetch that a token leads to; asked is false where
// its keys are pinned, or there is no token with an issuer.
func fetchFor(s *site.Site, claims *access.Claims) (fetch trust.IssuerTrust, asked bool) {
	if claims == nil || claims.Issuer() == "" || len(s.Pinned.For(claims.Issuer())) > 0 {
		return trust.IssuerTrust{}, false
	}
	return trust.FetchOf(s, claims.Issuer()), true
}

// counted leaves out of what a client shows what this CE cannot check, and counts
// as none: a token without keys, and attributes of a VO without .lsc files. What is
// missing for the rest to count is said.
func counted(s *site.Site, id access.Identity) (left access.Identity, missing []access.Dependency) {
	left = id
	if id.Claims != nil && id.Refused == "" {
		left.Refused = keyless(s, id.Claims)
	}
	if left.Refused != "" {
		missing = append(missing, access.Dependency{Kind: access.OnKeys, On: "whether the token can be checked: " + left.Refused})
	}
	left.FQANs = nil
	for _, fqan := range id.FQANs {
		if answer, why := trust.VO(s, access.VOOf(fqan)); answer == trust.Refused {
			missing = append(missing, access.Dependency{Kind: access.OnAttributes, On: "whether the attribute " + fqan + " counts: " + why})
			continue
		}
		left.FQANs = append(left.FQANs, fqan)
	}
	return left, missing
}

func noKeys(fetch trust.IssuerTrust) string {
	return "the CE cannot fetch the keys of " + fetch.Issuer + ": " + fetch.Reason
}

func (a *asking) refuse(rule, fact, why string) {
	a.identity.Refused = why
	a.step(source.Span{}, rule, fact, "refused: %s", why)
}

func (a *asking) unsettle(on string) {
	if a.identity.Unsettled != "" {
		on = a.identity.Unsettled + "; " + on
	}
	a.identity.Unsettled = on
}

// envelope says why ARC refuses a token for its header alone, "" where it does
// not (arc-behaviour I3, I4).
func (a *asking) envelope(h jose.Header) (why, fact string) {
	switch {
	case !h.HasKid:
		return "the header has no kid", "arc-behaviour I3"
	case len(h.Embedded) > 0:
		return "the header has " + strings.Join(h.Embedded, " and "), "arc-behaviour I3"
	}
	switch alg := h.Alg; {
	case alg == "none":
		return "alg is none", "arc-behaviour I4"
	case strings.HasPrefix(alg, "PS"), alg == "ES384", alg == "ES512", alg == "ES256" && !a.site.Release.ECKeys:
		return "this release knows no " + alg, "arc-behaviour I4"
	}
	return "", ""
}

// askPinned looks for the key among those that the CE read at start. settled is
// true where one decides, and no fetch is made (arc-behaviour G3).
func (a *asking) askPinned(issuer string) (settled bool) {
	pins := a.site.Pinned.For(issuer)
	if len(pins) == 0 {
		return false
	}
	pin := pins[0]
	at := source.Span{File: pin.Keys}
	switch {
	case a.person.Token == nil:
		a.step(at, "keys of the issuer", "arc-behaviour G3", "pinned")
		return true
	case len(pins) > 1:
		a.notChecked("two directories pin keys for " + issuer + ", and which of them counts is not known (arc-behaviour G3)")
		return true
	}
	keys, err := jose.ParseKeys(pin.Keys.Data)
	if err != nil {
		a.step(at, "keys of the issuer", "arc-behaviour G3", "pinned, and not read here: %v", err)
		return false
	}
	key := jose.Find(keys, a.person.Token.Header.Kid)
	if key == nil {
		a.step(at, "keys of the issuer", "arc-behaviour S12", "pinned, and none has the id in the token: the CE fetches")
		return false
	}
	a.check(*key, at, "a pinned key")
	return true
}

// askEvidence checks the signature with the keys that the user gave.
func (a *asking) askEvidence(issuer string) {
	if a.person.Token == nil {
		return
	}
	set := a.site.KeySets.Of(issuer)
	switch {
	case set == nil:
		a.notChecked("no key of " + issuer + " is known here")
		return
	case set.Err != nil:
		a.notChecked(set.Path + " in the evidence cannot be read")
		return
	}
	keys, err := jose.ParseKeys(set.Data)
	if err != nil {
		a.notChecked(set.Path + " in the evidence: " + err.Error())
		return
	}
	key := jose.Find(keys, a.person.Token.Header.Kid)
	if key == nil {
		a.notChecked(set.Path + " in the evidence has no key with the id in the token")
		return
	}
	a.check(*key, source.Span{}, "the key of that id in the evidence, "+set.Path)
}

func (a *asking) notChecked(why string) {
	a.signature = Signature{State: NotChecked, Why: why}
	a.step(source.Span{}, "signature", "", "not checked: %s", why)
	a.unsettle("whether the signature of the token is good: " + why)
}

func (a *asking) check(key jose.Key, at source.Span, whose string) {
	err := a.person.Token.Verify(key)
	switch {
	case err == nil:
		a.signature = Signature{State: Good, Why: "with " + whose}
		a.step(at, "signature", "arc-behaviour I3", "valid with %s", whose)
	case errors.Is(err, jose.ErrBadSignature):
		a.signature = Signature{State: Bad, Why: "with " + whose}
		a.identity.Refused = "the signature is not that of " + whose
		a.step(at, "signature", "arc-behaviour I3", "invalid with %s", whose)
	default:
		a.notChecked(err.Error())
	}
}

// Operations are those that a person may ask for, as tokenscopes names them.
func Operations() []string {
	var names []string
	for _, op := range access.Operations() {
		names = append(names, string(op))
	}
	return names
}

// ParseOperation finds an operation by its name.
func ParseOperation(name string) (access.Operation, bool) {
	i := slices.Index(Operations(), name)
	if i < 0 {
		return "", false
	}
	return access.Operations()[i], true
}
