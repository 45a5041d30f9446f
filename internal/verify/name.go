package verify

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"strings"
	"unicode/utf8"
)

// canonicalName is the form in which OpenSSL compares names: strings become
// UTF-8, blanks at the ends are dropped, several become one, ASCII letters
// become small. The name in it is a prefix of every name below it. ok is false
// where the encoding cannot be read; the encoding itself then stands for it.
//
// Source: x509_name_canon and X509_NAME_cmp of OpenSSL (crypto/x509).
func canonicalName(der []byte) (name string, ok bool) {
	var rdns []asn1.RawValue
	if rest, err := asn1.Unmarshal(der, &rdns); err != nil || len(rest) > 0 {
		return string(der), false
	}
	var out []byte
	for _, rdn := range rdns {
		set, err := canonicalRDN(rdn.FullBytes)
		if err != nil {
			return string(der), false
		}
		out = append(out, set...)
	}
	return string(out), true
}

type attribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

func attributes(rdn []byte) ([]attribute, error) {
	var set []attribute
	_, err := asn1.UnmarshalWithParams(rdn, &set, "set")
	return set, err
}

func canonicalRDN(der []byte) ([]byte, error) {
	set, err := attributes(der)
	if err != nil {
		return nil, err
	}
	var members [][]byte
	for _, a := range set {
		if text, ok := text(a.Value); ok {
			a.Value = asn1.RawValue{Tag: asn1.TagUTF8String, Bytes: fold(text)}
		}
		der, err := asn1.Marshal(a)
		if err != nil {
			return nil, err
		}
		members = append(members, der)
	}
	slices.SortFunc(members, bytes.Compare)
	return asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: slices.Concat(members...)})
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
	case asn1.TagPrintableString, asn1.TagIA5String, asn1.TagT61String, tagVisibleString:
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

const asciiSpaces = " \t\n\v\f\r"

func fold(text []byte) []byte {
	var out []byte
	for _, c := range bytes.Trim(text, asciiSpaces) {
		switch {
		case strings.IndexByte(asciiSpaces, c) < 0:
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			out = append(out, c)
		case out[len(out)-1] != ' ':
			out = append(out, ' ')
		}
	}
	return out
}

// lastIsCommonName gives how many relative names a name has, and whether the last of them
// is one commonName and nothing else.
func lastIsCommonName(der []byte) (count int, cn bool) {
	var rdns []asn1.RawValue
	if _, err := asn1.Unmarshal(der, &rdns); err != nil || len(rdns) == 0 {
		return 0, false
	}
	set, err := attributes(rdns[len(rdns)-1].FullBytes)
	return len(rdns), err == nil && len(set) == 1 && set[0].Type.Equal(oidCommonName)
}
