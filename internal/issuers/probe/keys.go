package probe

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// maxKeys bounds how many keys of a set are described.
const maxKeys = 1000

// minRSA is the length of an RSA key that is still taken for good,
// RFC 7518 section 3.3.
const minRSA = 2048

// keys fetches the key set and notes what ARC cannot use of it.
func (p *prober) keys(ctx context.Context, uri string) {
	doc, body, err := p.get(ctx, uri)
	p.result.JWKS = doc
	if err != nil {
		p.unknown("unreachable", fmt.Sprintf("no keys: %v", err))
		return
	}
	members, ok := p.object(*doc, body, "keys")
	if !ok {
		return
	}
	var list []json.RawMessage
	if err := json.Unmarshal(members.find("keys"), &list); err != nil {
		p.refuseJWKS("no-keys", fmt.Sprintf("the key set at %q has no array \"keys\"", uri))
		return
	}
	p.result.keySet = members.find("keys")
	if len(list) > maxKeys {
		p.unknown("too-many-keys", fmt.Sprintf("the key set at %q has %d keys; the first %d were read", uri, len(list), maxKeys))
		list = list[:maxKeys]
	}
	for _, raw := range list {
		p.key(raw)
	}
	p.judgeKids()
	p.judgeUsable(uri)
}

// key describes one key. Of private members only their presence is noted.
func (p *prober) key(raw json.RawMessage) {
	members, err := parseObject(raw)
	if err != nil {
		return // ARC passes over what is no object, too
	}
	k := Key{Releases: []string{}}
	k.Kid, k.HasKid = members.text("kid")
	k.Type, _ = members.text("kty")
	k.Alg, _ = members.text("alg")
	k.Curve, _ = members.text("crv")
	label := fmt.Sprintf("key %d (kid %q)", len(p.result.Keys)+1, k.Kid)
	if private(members, k.Type) {
		p.result.add(Problem{
			Code: "private-key", Effect: Unnoticed, Releases: allReleases(), Source: "RFC 7517 section 9.2",
			Message: label + " is published with its private part: anybody can make tokens of this issuer",
		})
	}
	p.judgeKey(&k, members, label)
	p.result.Keys = append(p.result.Keys, k)
}

// private reports whether the key holds secret members: RFC 7518 sections
// 6.2.2, 6.3.2 and 6.4.1.
func private(members object, kty string) bool {
	if kty == "oct" {
		return members.find("k") != nil
	}
	return slices.ContainsFunc([]string{"d", "p", "q", "dp", "dq", "qi", "oth"}, func(name string) bool {
		return slices.ContainsFunc(members, func(m member) bool { return m.name == name })
	})
}

// judgeKey sets which releases can use the key and notes why others cannot.
func (p *prober) judgeKey(k *Key, members object, label string) {
	partly := func(code string, releases []string, message string) {
		p.result.add(Problem{Code: code, Effect: Partial, Releases: releases, Source: "arc-behaviour I4", Message: message})
	}
	if strings.HasPrefix(k.Alg, "PS") {
		partly("ps-algorithm", allReleases(), fmt.Sprintf("%s is for %s: ARC refuses tokens signed so, want RS256", label, k.Alg))
	}
	switch {
	case k.Type == "RSA" && has(members, "n", "e"):
		k.Bits = modulusBits(members)
		k.Releases = allReleases()
		if k.Bits < minRSA {
			p.result.add(Problem{
				Code: "weak-token-key", Effect: Unnoticed, Releases: allReleases(), Source: "arc-behaviour S10",
				Message: fmt.Sprintf("%s is an RSA key of %d bits, want %d or more: ARC accepts it", label, k.Bits, minRSA),
			})
		}
	case k.Type == "EC" && k.Curve == "P-256" && has(members, "x", "y"):
		k.Releases = releasesWhere(takesEC)
		partly("ec-key", releasesWhere(takesNoEC), label+" is an EC key: ARC 6.17 reads RSA keys only and refuses tokens signed by it")
	case k.Type == "EC" && has(members, "x", "y"):
		partly("ec-curve", allReleases(), fmt.Sprintf("%s is an EC key on curve %q: ARC checks RS256, RS384, RS512 and from 7.x ES256 (P-256)", label, k.Curve))
	default:
		partly("unsupported-key", allReleases(), fmt.Sprintf("%s of type %q cannot be read by ARC", label, k.Type))
	}
}

func has(members object, names ...string) bool {
	for _, name := range names {
		if _, ok := members.text(name); !ok {
			return false
		}
	}
	return true
}

// modulusBits is the length of n, 0 where it is no number.
func modulusBits(members object) int {
	text, _ := members.text("n")
	n, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return 0
	}
	return new(big.Int).SetBytes(n).BitLen()
}

// judgeKids looks for keys that a token cannot name.
func (p *prober) judgeKids() {
	for i, k := range p.result.Keys {
		if !k.HasKid {
			p.result.add(Problem{
				Code: "key-without-kid", Effect: Partial, Releases: allReleases(), Source: "arc-behaviour I3",
				Message: fmt.Sprintf("key %d has no kid: ARC finds keys by the kid in the token's header only", i+1),
			})
			continue
		}
		var hidden []string
		for _, release := range k.Releases {
			if slices.ContainsFunc(p.result.Keys[:i], func(o Key) bool { return o.HasKid && o.Kid == k.Kid && o.usableBy(release) }) {
				hidden = append(hidden, release)
			}
		}
		if len(hidden) > 0 {
			p.result.add(Problem{
				Code: "duplicate-kid", Effect: Partial, Releases: hidden, Source: "arc-behaviour I3",
				Message: fmt.Sprintf("key %d has the kid %q of an earlier key: ARC tries the first one only", i+1, k.Kid),
			})
		}
	}
}

// judgeUsable notes the releases that find no key at all.
func (p *prober) judgeUsable(uri string) {
	var without []string
	for _, release := range allReleases() {
		if !slices.ContainsFunc(p.result.Keys, func(k Key) bool { return k.usableBy(release) && k.HasKid }) {
			without = append(without, release)
		}
	}
	problem := Problem{Effect: Refused, Releases: without, Source: "arc-behaviour I4"}
	switch {
	case len(without) == 0:
		return
	case slices.Equal(without, releasesWhere(takesNoEC)):
		problem.Code = "no-rsa-key"
		problem.Message = fmt.Sprintf("no RSA key is at %q: ARC 6.17 reads no other", uri)
	default:
		problem.Code = "no-usable-key"
		problem.Message = fmt.Sprintf("none of the %d keys at %q is one that ARC can use", len(p.result.Keys), uri)
	}
	p.result.add(problem)
}
