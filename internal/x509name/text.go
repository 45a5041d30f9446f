package x509name

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// characters is the text of a value in UTF-8, nil for a type that OpenSSL
// does not take for text (NumericString among them). OpenSSL refuses a Name
// in which a text is not Unicode.
func characters(tag int, value []byte) ([]byte, error) {
	switch tag {
	case asn1.TagUTF8String:
		if !utf8.Valid(value) {
			return nil, errors.New("attribute value: UTF8String is not valid UTF-8")
		}
		return value, nil
	case asn1.TagPrintableString, asn1.TagT61String, asn1.TagIA5String:
		return toUTF8(value, 1)
	case asn1.TagBMPString:
		return toUTF8(value, 2)
	case tagUniversalString:
		return toUTF8(value, 4)
	default:
		return nil, nil
	}
}

// toUTF8 reads big-endian characters of the width given. OpenSSL takes a
// single byte for ISO 8859-1, in a T61String too.
func toUTF8(value []byte, width int) ([]byte, error) {
	if width == 1 && isASCII(value) {
		return value, nil
	}
	out := make([]byte, 0, len(value))
	for char := range slices.Chunk(value, width) {
		var r uint32
		for _, b := range char {
			r = r<<8 | uint32(b)
		}
		if r > utf8.MaxRune || !utf8.ValidRune(rune(r)) {
			return nil, fmt.Errorf("attribute value: %#x is no Unicode character", r)
		}
		out = utf8.AppendRune(out, rune(r))
	}
	return out, nil
}

func isASCII(value []byte) bool {
	for _, c := range value {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
