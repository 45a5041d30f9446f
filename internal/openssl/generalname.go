package openssl

import (
	"bytes"
	"encoding/asn1"
	"strings"
)

// generalName is a name of a certificate as name constraints see it.
type generalName struct {
	kind  int    // a mailbox in UTF-8 is an otherName and counts as nameEmail
	value string // of a directory name: canonical
	other string // type of an otherName, in DER; "": it is none
}

type otherName struct {
	Type  asn1.RawValue // an OID
	Value asn1.RawValue // in [0], which is taken off
}

// oidUTF8Mailbox is id-on-SmtpUTF8Mailbox (RFC 9598).
const oidUTF8Mailbox = "1.3.6.1.5.5.7.8.9"

func newGeneralName(v asn1.RawValue) generalName {
	content, _ := pieces(v, 0)
	n := generalName{kind: v.Tag, value: string(content)}
	switch v.Tag {
	case nameDirectory:
		n.value, _ = canonicalName(v.Bytes)
	case nameOther:
		other, ok := readOtherName(v)
		if !ok {
			break
		}
		n.other, n.value = string(other.Type.Bytes), string(other.Value.Bytes)
		if dotted(other.Type) == oidUTF8Mailbox {
			n.kind = nameEmail
			if !isUTF8String(other.Value) {
				n.value = "" // which has no @: OpenSSL cannot read it either
			}
		}
	}
	return n
}

func isUTF8String(v asn1.RawValue) bool {
	return v.Class == asn1.ClassUniversal && v.Tag == asn1.TagUTF8String
}

func readOtherName(v asn1.RawValue) (other otherName, ok bool) {
	if _, err := asn1.UnmarshalWithParams(v.FullBytes, &other, "tag:0"); err != nil {
		return other, false
	}
	wrapped := other.Value.Class == asn1.ClassContextSpecific && other.Value.Tag == 0
	return other, wrapped && unmarshal(other.Value.Bytes, &other.Value)
}

// readableName says whether OpenSSL can read a GeneralName.
func readableName(v asn1.RawValue) bool {
	if v.Class != asn1.ClassContextSpecific || v.Tag > nameRegistered {
		return false
	}
	switch v.Tag {
	case nameOther:
		_, ok := readOtherName(v)
		return ok
	case nameDirectory:
		_, ok := canonicalName(v.Bytes)
		return v.IsCompound && ok
	case nameX400, nameEDIParty:
		return v.IsCompound
	case nameRegistered:
		return !v.IsCompound && len(v.Bytes) > 0
	}
	_, ok := pieces(v, 0)
	return ok
}

func readableNames(list []asn1.RawValue) bool {
	for _, v := range list {
		if !readableName(v) {
			return false
		}
	}
	return true
}

// concerns says whether a subtree is of the kind of the name.
func (n generalName) concerns(base asn1.RawValue) bool {
	if n.kind != base.Tag {
		return false
	}
	if n.kind != nameOther {
		return true
	}
	other, ok := readOtherName(base)
	return ok && string(other.Type.Bytes) == n.other
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
// cannot tell and refuses for that (nc_match_single).
func (n generalName) within(p Profile, base asn1.RawValue) (ok bool, why string) {
	content, _ := pieces(base, 0)
	b := string(content)
	switch n.kind {
	case nameDirectory:
		b, _ = canonicalName(base.Bytes)
		return strings.HasPrefix(n.value, b), ""
	case nameDNS:
		return dnsWithin(n.value, b), ""
	case nameEmail:
		if n.other != "" {
			return mailboxWithin(n.value, b)
		}
		return emailWithin(n.value, b)
	case nameURI:
		return uriWithin(p, n.value, b)
	case nameIP:
		return ipWithin([]byte(n.value), content)
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

const badEmail = "an e-mail address has no @"

// emailWithin is nc_email. The local part has a case, quotes are part of it.
func emailWithin(name, base string) (bool, string) {
	at, baseAt := strings.LastIndexByte(name, '@'), strings.LastIndexByte(base, '@')
	if at < 0 {
		return false, badEmail
	}
	if baseAt < 0 && strings.HasPrefix(base, ".") {
		return endsWith(name, base), ""
	}
	if baseAt > 0 {
		local, want := name[:at], base[:baseAt]
		switch {
		case len(local) != len(want):
			return false, ""
		case strings.Contains(local+want, "\x00"):
			return false, "an e-mail address has a NUL in it"
		case local != want:
			return false, ""
		}
	}
	return equalFold(name[at+1:], base[baseAt+1:]), ""
}

// mailboxWithin is nc_email_eai: the mailbox is in UTF-8, the subtree in ASCII. A
// subtree with a local part holds no mailbox, and one that begins with a dot only
// a host that has one more dot before it.
func mailboxWithin(name, base string) (bool, string) {
	at := strings.LastIndexByte(name, '@')
	host, ok := unicodeHost(base)
	switch {
	case at < 0:
		return false, badEmail
	case strings.Contains(base, "\x00"):
		return false, "a subtree has a NUL in it"
	case !ok:
		return false, "a subtree has a label that is no Punycode"
	case strings.HasPrefix(base, "."):
		return endsWith(name, "."+host), ""
	}
	return equalFold(name[at+1:], host), ""
}

// endsWith says whether more than base stands in name, and base at its end.
func endsWith(name, base string) bool {
	return len(name) > len(base) && equalFold(name[len(name)-len(base):], base)
}

// ipWithin is nc_ip. A mask may have holes.
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
