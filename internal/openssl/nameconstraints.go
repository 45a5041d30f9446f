package openssl

import (
	"encoding/asn1"
	"math/big"
	"strings"
)

// Tags of GeneralName, RFC 5280 section 4.2.1.6.
const (
	nameOther      = 0
	nameEmail      = 1
	nameDNS        = 2
	nameX400       = 3
	nameDirectory  = 4
	nameEDIParty   = 5
	nameURI        = 6
	nameIP         = 7
	nameRegistered = 8
)

// nameConstraints is RFC 5280 section 4.2.1.10.
type nameConstraints struct {
	Permitted []subtree `asn1:"optional,tag:0"`
	Excluded  []subtree `asn1:"optional,tag:1"`
}

type subtree struct {
	Base asn1.RawValue
	Min  *big.Int `asn1:"optional,tag:0"`
	Max  *big.Int `asn1:"optional,tag:1"`
}

// sound says whether OpenSSL can read every base.
func (nc *nameConstraints) sound() bool {
	for _, trees := range [][]subtree{nc.Permitted, nc.Excluded} {
		for _, tree := range trees {
			if !readableName(tree.Base) {
				return false
			}
		}
	}
	return true
}

// maxComparisons is where OpenSSL gives up (NAME_CHECK_MAX in v3_ncons.c).
const maxComparisons = 1 << 20

// refuse says which name of f the constraints do not let pass and why; "" if
// all pass. commonNames says whether a commonName that looks like a host name
// counts as one, which OpenSSL asks of an end-entity certificate without a DNS
// name.
//
// Source: NAME_CONSTRAINTS_check and NAME_CONSTRAINTS_check_CN.
func (nc *nameConstraints) refuse(p Profile, f *facts, commonNames bool) string {
	trees, names := len(nc.Permitted)+len(nc.Excluded), len(f.names)+attributeCount(f.RawSubject)
	if names > 0 && trees > maxComparisons/names {
		return "there are too many names to compare"
	}
	list, why := constrainedNames(f, commonNames)
	if why != "" {
		return why
	}
	for _, n := range list {
		if why := nc.refuseName(p, n); why != "" {
			return why
		}
	}
	return ""
}

func constrainedNames(f *facts, commonNames bool) (names []generalName, why string) {
	if f.subject != "" {
		names = append(names, generalName{kind: nameDirectory, value: f.subject})
		for _, value := range subjectValues(f.RawSubject, oidEmailAddress) {
			if value.Tag != asn1.TagIA5String {
				return nil, "an emailAddress of the subject is no IA5String"
			}
			names = append(names, generalName{kind: nameEmail, value: string(value.Bytes)})
		}
	}
	for _, n := range f.names {
		names = append(names, newGeneralName(n))
	}
	if !commonNames {
		return names, ""
	}
	for _, value := range subjectValues(f.RawSubject, oidCommonName) {
		utf8, ok := text(value)
		cn := strings.TrimRight(string(utf8), "\x00")
		if !ok || strings.Contains(cn, "\x00") {
			return nil, "a commonName of the subject cannot be read"
		}
		if looksLikeHost(cn) {
			names = append(names, generalName{kind: nameDNS, value: cn})
		}
	}
	return names, ""
}

func subjectValues(der []byte, oid string) (found []asn1.RawValue) {
	var rdns []asn1.RawValue
	if !unmarshal(der, &rdns) {
		return nil
	}
	for _, rdn := range rdns {
		set, _ := attributes(rdn.FullBytes)
		for _, a := range set {
			if dotted(a.Type) == oid {
				found = append(found, a.Value)
			}
		}
	}
	return found
}

// looksLikeHost is cn2dnsid: two labels or more of letters, digits, hyphens and
// underscores.
func looksLikeHost(cn string) bool {
	dots := false
	for i := 0; i < len(cn); i++ {
		c, inside := cn[i], i > 0 && i < len(cn)-1
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_':
		case c == '-' && inside:
		case c == '.' && inside && cn[i+1] != '.' && cn[i+1] != '-' && cn[i-1] != '-':
			dots = true
		default:
			return false
		}
	}
	return dots
}

// refuseName looks whether a name is below a permitted subtree of its kind, if
// there is one, and below no excluded one (nc_match).
func (nc *nameConstraints) refuseName(p Profile, n generalName) string {
	ofKind, permitted := false, false
	for _, tree := range nc.Permitted {
		if !n.concerns(tree.Base) {
			continue
		}
		if tree.limited() {
			return limitedTree
		}
		ofKind = true
		if permitted {
			continue
		}
		within, why := n.within(p, tree.Base)
		if why != "" {
			return why
		}
		permitted = within
	}
	if ofKind && !permitted {
		return "no permitted subtree holds " + n.String()
	}
	return nc.refuseExcluded(p, n)
}

func (nc *nameConstraints) refuseExcluded(p Profile, n generalName) string {
	for _, tree := range nc.Excluded {
		if !n.concerns(tree.Base) {
			continue
		}
		if tree.limited() {
			return limitedTree
		}
		switch within, why := n.within(p, tree.Base); {
		case why != "":
			return why
		case within:
			return "an excluded subtree holds " + n.String()
		}
	}
	return ""
}

const limitedTree = "a subtree has a minimum or a maximum"

// limited says whether the subtree has a minimum other than 0 or a maximum,
// which OpenSSL does not support (nc_minmax_valid).
func (t subtree) limited() bool { return t.Min != nil && t.Min.Sign() != 0 || t.Max != nil }
