package openssl

import (
	"bytes"
	"encoding/asn1"
	"slices"
)

// distributionPoint is RFC 5280 section 4.2.1.13.
type distributionPoint struct {
	name      *pointName // nil: none
	reasons   int
	crlIssuer []asn1.RawValue // nil: none
}

// pointName is where a CRL is to be had: names, or one name relative to that of
// the CRL's issuer.
type pointName struct {
	full     []asn1.RawValue
	relative string // canonical, with the issuer's; "": the names are full
}

// issuingPoint is RFC 5280 section 5.2.5.
type issuingPoint struct {
	name                                      *pointName
	onlyUser, onlyCA, onlyAttribute, indirect bool
	someReasons                               bool
}

// allReasons is every reason for a revocation (CRLDP_ALL_REASONS).
const allReasons = 0x807f

// readPoints is setup_crldp. A point that has neither a name nor an issuer of the
// CRL makes the certificate invalid, as one that cannot be read does.
func readPoints(der, certIssuer []byte) (points []distributionPoint, ok bool) {
	list, ok := children(der)
	if !ok {
		return nil, false
	}
	for _, v := range list {
		p, ok := readPoint(v, certIssuer)
		if !ok || p.name == nil && len(p.crlIssuer) == 0 {
			return nil, false
		}
		points = append(points, p)
	}
	return points, true
}

func readPoint(v asn1.RawValue, certIssuer []byte) (p distributionPoint, ok bool) {
	list, ok := children(v.FullBytes)
	if !ok {
		return p, false
	}
	in := &fields{list}
	name, named := in.tagged(0)
	p.reasons = allReasons
	if reasons, found := in.tagged(1); found {
		if p.reasons, ok = bits(reasons); !ok {
			return p, false
		}
		p.reasons &= allReasons
	}
	if issuers, found := in.tagged(2); found {
		if p.crlIssuer, ok = elements(issuers.Bytes); !ok || !readableNames(p.crlIssuer) {
			return p, false
		}
	}
	if named {
		if p.name, ok = readPointName(name, p.relativeTo(certIssuer)); !ok {
			return p, false
		}
	}
	return p, len(in.list) == 0
}

// relativeTo is the name that one of the point is relative to: the first of the
// CRL's issuers that is a directory name, else the issuer of the certificate.
func (p distributionPoint) relativeTo(certIssuer []byte) []byte {
	for _, n := range p.crlIssuer {
		if n.Tag == nameDirectory {
			return n.Bytes
		}
	}
	return certIssuer
}

// readPointName reads a DistributionPointName in its [0].
func readPointName(v asn1.RawValue, issuer []byte) (*pointName, bool) {
	list, ok := elements(v.Bytes)
	if !ok || len(list) != 1 || list[0].Class != asn1.ClassContextSpecific || !list[0].IsCompound {
		return nil, false
	}
	switch name := list[0]; name.Tag {
	case 0:
		full, ok := elements(name.Bytes)
		return &pointName{full: full}, ok && readableNames(full)
	case 1:
		relative, ok := below(issuer, name.Bytes)
		return &pointName{relative: relative}, ok
	}
	return nil, false
}

// below is the canonical form of a name with one relative name more.
func below(name, rdn []byte) (string, bool) {
	list, ok := children(name)
	if !ok {
		return "", false
	}
	der, err := asn1.Marshal(append(list, asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: rdn}))
	if err != nil {
		return "", false
	}
	return canonicalName(der)
}

// readIssuingPoint is setup_idp.
func readIssuingPoint(der, issuer []byte) (*issuingPoint, bool) {
	list, ok := children(der)
	if !ok {
		return nil, false
	}
	p, in := new(issuingPoint), &fields{list}
	if name, found := in.tagged(0); found {
		if p.name, ok = readPointName(name, issuer); !ok {
			return nil, false
		}
	}
	if p.onlyUser, ok = in.flag(1); !ok {
		return nil, false
	}
	if p.onlyCA, ok = in.flag(2); !ok {
		return nil, false
	}
	if reasons, found := in.tagged(3); found {
		if _, ok = bits(reasons); !ok {
			return nil, false
		}
		p.someReasons = true
	}
	if p.indirect, ok = in.flag(4); !ok {
		return nil, false
	}
	if p.onlyAttribute, ok = in.flag(5); !ok {
		return nil, false
	}
	return p, len(in.list) == 0
}

// flag is a BOOLEAN with an implicit tag, false where there is none.
func (f *fields) flag(tag int) (set, ok bool) {
	v, found := f.tagged(tag)
	if !found {
		return false, true
	}
	return boolean(v)
}

// empty says whether nothing is said, which RFC 5280 section 5.2.5 forbids.
func (p *issuingPoint) empty() bool {
	return p.name == nil && !p.onlyUser && !p.onlyCA && !p.onlyAttribute && !p.indirect && !p.someReasons
}

// contradicts says whether more than one kind of certificate is the only one.
func (p *issuingPoint) contradicts() bool {
	only := 0
	for _, set := range []bool{p.onlyUser, p.onlyCA, p.onlyAttribute} {
		if set {
			only++
		}
	}
	return only > 1
}

// meets says whether two distribution points have a name in common (idp_check_dp).
// Where one has no name, every name will do.
func (n *pointName) meets(other *pointName) bool {
	switch {
	case n == nil || other == nil:
		return true
	case n.relative != "" && other.relative != "":
		return n.relative == other.relative
	case n.relative != "":
		return holdsDirectory(other.full, n.relative)
	case other.relative != "":
		return holdsDirectory(n.full, other.relative)
	}
	return slices.ContainsFunc(n.full, func(a asn1.RawValue) bool {
		return slices.ContainsFunc(other.full, func(b asn1.RawValue) bool { return sameName(a, b) })
	})
}

// holdsDirectory says whether a directory name is among the names.
func holdsDirectory(names []asn1.RawValue, directory string) bool {
	return slices.ContainsFunc(names, func(v asn1.RawValue) bool {
		name, _ := canonicalName(v.Bytes)
		return v.Tag == nameDirectory && name == directory
	})
}

// sameName is GENERAL_NAME_cmp.
func sameName(a, b asn1.RawValue) bool {
	if a.Tag != b.Tag {
		return false
	}
	if a.Tag == nameDirectory {
		x, _ := canonicalName(a.Bytes)
		y, _ := canonicalName(b.Bytes)
		return x == y
	}
	return bytes.Equal(a.FullBytes, b.FullBytes)
}
