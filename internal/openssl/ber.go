package openssl

import (
	"encoding/asn1"

	"arclint/internal/certificate"
)

// OpenSSL reads extensions by the rules of BER, which are wider than those of DER
// that encoding/asn1 keeps to: any octet but 0 is true, bits that do not count
// may be set, strings may be in pieces.

// children are the elements of a SEQUENCE.
func children(der []byte) (list []asn1.RawValue, ok bool) {
	return list, unmarshal(der, &list)
}

// elements are those that stand one after the other in the content of another; the
// list is never nil.
func elements(content []byte) (list []asn1.RawValue, ok bool) {
	list = []asn1.RawValue{}
	for len(content) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(content, &v)
		if err != nil {
			return nil, false
		}
		list, content = append(list, v), rest
	}
	return list, true
}

// fields takes the elements of a SEQUENCE one by one, in order.
type fields struct{ list []asn1.RawValue }

// take gives the next element if it is the one of that class and tag.
func (f *fields) take(class, tag int) (v asn1.RawValue, ok bool) {
	if len(f.list) == 0 || f.list[0].Class != class || f.list[0].Tag != tag {
		return v, false
	}
	v, f.list = f.list[0], f.list[1:]
	return v, true
}

func (f *fields) tagged(tag int) (asn1.RawValue, bool) { return f.take(asn1.ClassContextSpecific, tag) }

// boolean reads the content of a BOOLEAN.
func boolean(v asn1.RawValue) (set, ok bool) {
	return len(v.Bytes) == 1 && v.Bytes[0] != 0, len(v.Bytes) == 1 && !v.IsCompound
}

// bits reads the content of a BIT STRING and gives its first two octets, the first
// of them low, without the bits that do not count (c2i_ASN1_BIT_STRING).
func bits(v asn1.RawValue) (value int, ok bool) {
	b := v.Bytes
	if v.IsCompound || len(b) == 0 || b[0] > 7 {
		return 0, false
	}
	unused, b := b[0], b[1:]
	for i, octet := range b[:min(2, len(b))] {
		if i == len(b)-1 {
			octet &= 0xff << unused
		}
		value |= int(octet) << (8 * i)
	}
	return value, true
}

// maxNesting is ASN1_MAX_STRING_NEST.
const maxNesting = 5

// pieces is the content of a string, which may be in pieces.
func pieces(v asn1.RawValue, depth int) (content []byte, ok bool) {
	if !v.IsCompound {
		return v.Bytes, true
	}
	list, ok := elements(v.Bytes)
	if !ok || depth > maxNesting {
		return nil, false
	}
	for _, part := range list {
		piece, ok := pieces(part, depth+1)
		if !ok {
			return nil, false
		}
		content = append(content, piece...)
	}
	return content, true
}

// dotted is an OID in its usual form. encoding/asn1 reads none with a large number in
// it.
func dotted(v asn1.RawValue) string { return certificate.Dotted(v.Bytes) }
