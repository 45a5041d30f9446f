package x509name

import (
	"bytes"
	"encoding/asn1"
	"slices"
)

// canonical is the encoding that Hash hashes: the relative names one after
// the other, without the outer SEQUENCE header, each string retyped,
// lower-cased and with its spaces collapsed, each SET sorted.
//
// Source: x509_name_canon in OpenSSL's crypto/x509/x_name.c.
func canonical(rdns [][]attribute) []byte {
	var out []byte
	for _, rdn := range rdns {
		if len(rdn) > 0 {
			out = appendRDN(out, rdn)
		}
	}
	return out
}

func appendRDN(out []byte, rdn []attribute) []byte {
	pairs := make([][]byte, len(rdn))
	for i, attr := range rdn {
		pairs[i] = canonicalPair(attr)
	}
	slices.SortFunc(pairs, bytes.Compare)
	return appendElement(out, asn1.TagSet, true, pairs...)
}

func canonicalPair(attr attribute) []byte {
	var room [256]byte
	pair := appendElement(room[:0], asn1.TagOID, false, attr.oid)
	return element(asn1.TagSequence, true, appendCanonicalValue(pair, attr))
}

// appendCanonicalValue retypes the string types to UTF8String; it leaves the
// others (NumericString among them, ASN1_MASK_CANON) as they are.
func appendCanonicalValue(out []byte, attr attribute) []byte {
	switch {
	case attr.text != nil:
		var room [128]byte
		return appendElement(out, asn1.TagUTF8String, false, appendFolded(room[:0], attr.text))
	case attr.tag == asn1.TagSequence:
		return append(out, attr.value...)
	default:
		return appendElement(out, attr.tag, false, attr.value)
	}
}

// Fold drops leading and trailing spaces, makes one space of several and
// lower-cases, all of it in ASCII only: what OpenSSL does to a string of a name
// before it compares.
func Fold(text []byte) []byte {
	return appendFolded(make([]byte, 0, len(text)), text)
}

func appendFolded(out, text []byte) []byte {
	space := false
	for _, c := range bytes.Trim(text, asciiSpaces) {
		if isSpace(c) {
			space = true
			continue
		}
		if space {
			out, space = append(out, ' '), false
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	return out
}

const asciiSpaces = " \t\n\v\f\r"

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }
