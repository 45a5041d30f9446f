package openssl

import (
	"encoding/asn1"
	"slices"
	"unicode/utf8"

	"arclint/internal/x509name"
)

// canonicalName is the form in which OpenSSL compares names. ok is false where
// the encoding cannot be read; the encoding itself then stands for it.
func canonicalName(der []byte) (name string, ok bool) {
	form, err := x509name.Canonical(der)
	if err != nil {
		return string(der), false
	}
	return string(form), true
}

// SameName says whether OpenSSL takes two names in DER for the same.
func SameName(a, b []byte) bool {
	x, _ := canonicalName(a)
	y, _ := canonicalName(b)
	return x == y
}

type attribute struct {
	Type  asn1.RawValue // an OID
	Value asn1.RawValue
}

func attributes(rdn []byte) ([]attribute, error) {
	var set []attribute
	_, err := asn1.UnmarshalWithParams(rdn, &set, "set")
	return set, err
}

// attributeCount is how many types and values a name has.
func attributeCount(der []byte) int {
	var rdns []asn1.RawValue
	if !unmarshal(der, &rdns) {
		return 0
	}
	count := 0
	for _, rdn := range rdns {
		set, _ := attributes(rdn.FullBytes)
		count += len(set)
	}
	return count
}

// Tags that encoding/asn1 does not name.
const (
	tagVisibleString   = 26
	tagUniversalString = 28
)

// text is the value of a string type in UTF-8; ok is false for other types,
// which OpenSSL compares as they are.
func text(v asn1.RawValue) (value []byte, ok bool) {
	if v.Class != asn1.ClassUniversal {
		return nil, false
	}
	switch v.Tag {
	case asn1.TagUTF8String:
		return v.Bytes, utf8.Valid(v.Bytes)
	case asn1.TagPrintableString, asn1.TagIA5String, asn1.TagT61String, asn1.TagNumericString, tagVisibleString:
		return fromUnits(v.Bytes, 1)
	case asn1.TagBMPString:
		return fromUnits(v.Bytes, 2)
	case tagUniversalString:
		return fromUnits(v.Bytes, 4)
	}
	return nil, false
}

// fromUnits reads big-endian characters of a width. OpenSSL takes a single byte
// for ISO 8859-1 (ASN1_STRING_to_UTF8).
func fromUnits(b []byte, width int) (text []byte, ok bool) {
	for unit := range slices.Chunk(b, width) {
		var r uint32
		for _, octet := range unit {
			r = r<<8 | uint32(octet)
		}
		if len(unit) < width || r > utf8.MaxRune || !utf8.ValidRune(rune(r)) {
			return nil, false
		}
		text = utf8.AppendRune(text, rune(r))
	}
	return text, true
}

// lastIsCommonName gives how many relative names a name has, and whether the last of them
// is one commonName and nothing else.
func lastIsCommonName(der []byte) (count int, cn bool) {
	var rdns []asn1.RawValue
	if _, err := asn1.Unmarshal(der, &rdns); err != nil || len(rdns) == 0 {
		return 0, false
	}
	set, err := attributes(rdns[len(rdns)-1].FullBytes)
	return len(rdns), err == nil && len(set) == 1 && dotted(set[0].Type) == oidCommonName
}
