package openssl_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"

	"arclint/fixtures/pki"
)

// oddNames are the bases and the names of subtreeCases, by kind.
func oddNames() (kinds []string, bases, names map[string][]string) {
	bases, names = map[string][]string{}, map[string][]string{}
	for _, c := range subtreeCases() {
		if bases[c.kind] == nil {
			kinds = append(kinds, c.kind)
		}
		bases[c.kind] = append(bases[c.kind], c.base)
		names[c.kind] = append(names[c.kind], c.name)
	}
	return kinds, bases, names
}

// constraint is an extension nameConstraints of one to three subtrees.
func (r *random) constraint() pkix.Extension {
	kinds, bases, _ := oddNames()
	var trees []subtree
	for range 1 + r.IntN(3) {
		kind := pick(r, kinds...)
		base := subtreeCase{kind: kind, base: pick(r, bases[kind]...)}.baseName()
		if kind == "DN" && r.one(2) {
			base = rawName(nameTags["DN"], nameDER(pick(r, "/O=Random "+r.tag, "/O= RANDOM  "+r.tag, "/O=Other "+r.tag, "/DC=org/DC=d"+r.tag)))
		}
		trees = append(trees, r.limits(subtree{Base: base}))
	}
	return constraints(r.IntN(2), trees...)
}

// limits sets, rarely, minimum and maximum.
func (r *random) limits(s subtree) subtree {
	limit := func(tag int) asn1.RawValue {
		n := big.NewInt(int64(r.IntN(2)))
		if r.one(4) {
			n.Lsh(big.NewInt(1), 70)
		}
		der := marshal(n)
		der[0] = 0x80 | byte(tag)
		return asn1.RawValue{FullBytes: der}
	}
	if r.one(10) {
		s.Min = limit(0)
	}
	if r.one(20) {
		s.Max = limit(1)
	}
	return s
}

// altNames gives the leaf names of one to three kinds.
func (r *random) altNames(s *pki.Spec) {
	s.DNSNames = nil
	kinds, _, names := oddNames()
	var list []asn1.RawValue
	for range 1 + r.IntN(3) {
		kind := pick(r, kinds...)
		name := pick(r, names[kind]...)
		if kind == "URI" && r.one(2) {
			name = r.uri()
		}
		list = append(list, subtreeCase{kind: kind, name: name}.ownName())
	}
	s.Extensions = append(s.Extensions, altNames(list...))
}

// uri puts parts of URIs together.
func (r *random) uri() string {
	uri := pick(r, "", "https://", "https://")
	for range r.IntN(6) {
		uri += pick(r, "host.example.org", "host.example.org", "https", "://", ":", "/", "@", "#", "?", "[", "]", "443", "a", "-", "+", "_", " ", ".", "\x00", "%")
	}
	return uri
}
