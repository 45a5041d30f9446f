package openssl

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"net/url"
	"strings"
)

// Tags of GeneralName, RFC 5280 section 4.2.1.6.
const (
	nameOther     = 0
	nameEmail     = 1
	nameDNS       = 2
	nameDirectory = 4
	nameURI       = 6
	nameIP        = 7
)

// nameConstraints is RFC 5280 section 4.2.1.10.
type nameConstraints struct {
	Permitted []subtree `asn1:"optional,tag:0"`
	Excluded  []subtree `asn1:"optional,tag:1"`
}

type subtree struct {
	Base asn1.RawValue
	Min  int      `asn1:"optional,tag:0"`
	Max  *big.Int `asn1:"optional,tag:1"`
}

// generalName is a name of the certificate as the constraints see it.
type generalName struct {
	kind  int
	value string // of a directory name: canonical
}

// maxComparisons is where OpenSSL gives up (NAME_CHECK_MAX in v3_ncons.c).
const maxComparisons = 1 << 20

// refuse says which name of f the constraints do not let pass and why; "" if
// all pass. commonNames says whether a commonName that looks like a host name
// counts as one, which OpenSSL asks of an end-entity certificate without a DNS
// name.
//
// Source: NAME_CONSTRAINTS_check and NAME_CONSTRAINTS_check_CN.
func (nc *nameConstraints) refuse(f *facts, commonNames bool) string {
	names, why := constrainedNames(f, commonNames)
	if why != "" {
		return why
	}
	if (len(nc.Permitted)+len(nc.Excluded))*len(names) > maxComparisons {
		return "there are too many names to compare"
	}
	for _, n := range names {
		if why := nc.refuseName(n); why != "" {
			return why
		}
	}
	return ""
}

func constrainedNames(f *facts, commonNames bool) (names []generalName, why string) {
	if f.subject != "" {
		names = append(names, generalName{nameDirectory, f.subject})
		for _, value := range subjectValues(f.RawSubject, oidEmailAddress) {
			if value.Tag != asn1.TagIA5String {
				return nil, "an emailAddress of the subject is no IA5String"
			}
			names = append(names, generalName{nameEmail, string(value.Bytes)})
		}
	}
	for _, n := range f.names {
		value := string(n.Bytes)
		if n.Tag == nameDirectory {
			value, _ = canonicalName(n.Bytes)
		}
		names = append(names, generalName{n.Tag, value})
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
			names = append(names, generalName{nameDNS, cn})
		}
	}
	return names, ""
}

func subjectValues(der []byte, typ asn1.ObjectIdentifier) (found []asn1.RawValue) {
	var rdns []asn1.RawValue
	if !unmarshal(der, &rdns) {
		return nil
	}
	for _, rdn := range rdns {
		set, _ := attributes(rdn.FullBytes)
		for _, a := range set {
			if a.Type.Equal(typ) {
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
func (nc *nameConstraints) refuseName(n generalName) string {
	ofKind, permitted := false, false
	for _, tree := range nc.Permitted {
		if tree.Base.Tag != n.kind {
			continue
		}
		if why := tree.unsupported(); why != "" {
			return why
		}
		ofKind = true
		if permitted {
			continue
		}
		within, why := n.within(tree.Base)
		if why != "" {
			return why
		}
		permitted = within
	}
	if ofKind && !permitted {
		return "no permitted subtree holds " + n.String()
	}
	for _, tree := range nc.Excluded {
		if tree.Base.Tag != n.kind {
			continue
		}
		if why := tree.unsupported(); why != "" {
			return why
		}
		within, why := n.within(tree.Base)
		if why != "" {
			return why
		}
		if within {
			return "an excluded subtree holds " + n.String()
		}
	}
	return ""
}

func (t subtree) unsupported() string {
	if t.Min != 0 || t.Max != nil {
		return "a subtree has a minimum or a maximum"
	}
	return ""
}

func (n generalName) String() string {
	switch n.kind {
	case nameEmail:
		return "the e-mail address " + quoted(n.value)
	case nameDNS:
		return "the host name " + quoted(n.value)
	case nameURI:
		return "the URI " + quoted(n.value)
	case nameIP:
		return "an IP address"
	case nameDirectory:
		return "the subject or a directory name"
	}
	return "another name"
}

// within says whether the name is in the subtree; why is set where OpenSSL
// cannot tell and refuses for that.
func (n generalName) within(base asn1.RawValue) (ok bool, why string) {
	b := string(base.Bytes)
	switch n.kind {
	case nameDirectory:
		b, _ = canonicalName(base.Bytes)
		return strings.HasPrefix(n.value, b), ""
	case nameDNS:
		return dnsWithin(n.value, b), ""
	case nameEmail:
		return emailWithin(n.value, b)
	case nameURI:
		return uriWithin(n.value, b)
	case nameIP:
		return ipWithin([]byte(n.value), base.Bytes)
	}
	return false, "a subtree is of a kind that OpenSSL does not support"
}

func dnsWithin(name, base string) bool {
	if base == "" {
		return true
	}
	cut := len(name) - len(base)
	if cut < 0 || cut > 0 && base[0] != '.' && name[cut-1] != '.' {
		return false
	}
	return equalFold(name[cut:], base)
}

func emailWithin(name, base string) (bool, string) {
	at := strings.LastIndexByte(name, '@')
	if at < 0 {
		return false, "an e-mail address has no @"
	}
	local, host := name[:at], name[at+1:]
	baseAt := strings.LastIndexByte(base, '@')
	if baseAt < 0 && strings.HasPrefix(base, ".") {
		return len(name) > len(base) && equalFold(name[len(name)-len(base):], base), ""
	}
	if baseAt > 0 && local != base[:baseAt] {
		return false, ""
	}
	return equalFold(host, base[baseAt+1:]), ""
}

func uriWithin(name, base string) (bool, string) {
	u, err := url.Parse(name)
	if err != nil || u.Scheme == "" || u.Hostname() == "" {
		return false, "a URI has no scheme or no host"
	}
	host := u.Hostname()
	if strings.HasPrefix(base, ".") {
		return len(host) > len(base) && equalFold(host[len(host)-len(base):], base), ""
	}
	return equalFold(host, base), ""
}

func ipWithin(ip, base []byte) (bool, string) {
	if len(ip) != 4 && len(ip) != 16 || len(base) != 8 && len(base) != 32 {
		return false, "an IP address has a wrong length"
	}
	if len(base) != 2*len(ip) {
		return false, ""
	}
	network, mask := base[:len(ip)], base[len(ip):]
	masked := func(b []byte) []byte {
		out := make([]byte, len(b))
		for i := range b {
			out[i] = b[i] & mask[i]
		}
		return out
	}
	return bytes.Equal(masked(ip), masked(network)), ""
}

// equalFold compares as OpenSSL does: only ASCII letters have a case.
func equalFold(a, b string) bool {
	return len(a) == len(b) && string(lower(a)) == string(lower(b))
}

func lower(s string) []byte {
	out := []byte(s)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}
