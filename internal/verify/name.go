package verify

import (
	"bytes"
	"encoding/asn1"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"
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
func text(v asn1.RawValue) (utf8 []byte, ok bool) {
	if v.Class != asn1.ClassUniversal {
		return nil, false
	}
	switch v.Tag {
	case asn1.TagUTF8String, asn1.TagPrintableString, asn1.TagIA5String, tagVisibleString:
		return v.Bytes, true
	case asn1.TagT61String:
		return latin1(v.Bytes), true
	case asn1.TagBMPString:
		return utf16BE(v.Bytes)
	case tagUniversalString:
		return utf32BE(v.Bytes)
	}
	return nil, false
}

func latin1(b []byte) []byte {
	var out strings.Builder
	for _, c := range b {
		out.WriteRune(rune(c))
	}
	return []byte(out.String())
}

func utf16BE(b []byte) ([]byte, bool) {
	var units []uint16
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, binary.BigEndian.Uint16(b))
	}
	return []byte(string(utf16.Decode(units))), len(b) == 0
}

func utf32BE(b []byte) ([]byte, bool) {
	var out strings.Builder
	for ; len(b) >= 4; b = b[4:] {
		out.WriteRune(rune(binary.BigEndian.Uint32(b)))
	}
	return []byte(out.String()), len(b) == 0
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

// rdnCount is how many relative names a name has, and whether the last of them
// is one commonName and nothing else.
func lastIsCommonName(der []byte) (count int, cn bool) {
	var rdns []asn1.RawValue
	if _, err := asn1.Unmarshal(der, &rdns); err != nil || len(rdns) == 0 {
		return 0, false
	}
	set, err := attributes(rdns[len(rdns)-1].FullBytes)
	return len(rdns), err == nil && len(set) == 1 && set[0].Type.Equal(oidCommonName)
}
