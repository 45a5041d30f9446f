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
		if len(rdn) == 0 {
			continue
		}
		out = append(out, canonicalRDN(rdn)...)
	}
	return out
}

func canonicalRDN(rdn []attribute) []byte {
	pairs := make([][]byte, 0, len(rdn))
	for _, attr := range rdn {
		oid := element(asn1.TagOID, false, attr.oid)
		pairs = append(pairs, element(asn1.TagSequence, true, slices.Concat(oid, canonicalValue(attr))))
	}
	slices.SortFunc(pairs, bytes.Compare)
	return element(asn1.TagSet, true, slices.Concat(pairs...))
}

// canonicalValue retypes the string types to UTF8String; it leaves the others
// (NumericString among them, ASN1_MASK_CANON) as they are.
func canonicalValue(attr attribute) []byte {
	switch {
	case attr.text != nil:
		return element(asn1.TagUTF8String, false, Fold(attr.text))
	case attr.tag == asn1.TagSequence:
		return attr.value
	default:
		return element(attr.tag, false, attr.value)
	}
}

// Fold drops leading and trailing spaces, makes one space of several and
// lower-cases, all of it in ASCII only: what OpenSSL does to a string of a name
// before it compares.
func Fold(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, c := range bytes.Trim(text, asciiSpaces) {
		switch {
		case isSpace(c):
			if out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		case 'A' <= c && c <= 'Z':
			out = append(out, c-'A'+'a')
		default:
			out = append(out, c)
		}
	}
	return out
}

const asciiSpaces = " \t\n\v\f\r"

func isSpace(c byte) bool { return bytes.IndexByte([]byte(asciiSpaces), c) >= 0 }

// element is the DER of one element of the universal class.
func element(tag int, compound bool, contents []byte) []byte {
	first := byte(tag)
	if compound {
		first |= 0x20
	}
	return slices.Concat([]byte{first}, length(len(contents)), contents)
}

// length is the DER of a length: the short form below 128.
func length(n int) []byte {
	if n < 0x80 {
		return []byte{byte(n)}
	}
	var octets []byte
	for ; n > 0; n >>= 8 {
		octets = append(octets, byte(n))
	}
	slices.Reverse(octets)
	return append([]byte{0x80 | byte(len(octets))}, octets...)
}
