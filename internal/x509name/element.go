package x509name

import (
	"errors"
	"slices"
)

// tlv is one element in DER, taken apart.
type tlv struct {
	class, tag int
	compound   bool
	contents   []byte
	full       []byte // header included
}

var (
	errTruncated = errors.New("element ends too early")
	errTag       = errors.New("element has a tag of more than one byte, which no part of a name has")
	errLength    = errors.New("element has a length that is not in DER")
)

// readElement cuts the first element off the bytes. It takes what encoding/asn1
// takes for an asn1.RawValue, tags above 30 apart; a directory has thousands of
// elements, and encoding/asn1 allocates for each.
func readElement(der []byte) (e tlv, rest []byte, err error) {
	if len(der) < 2 {
		return tlv{}, nil, errTruncated
	}
	e = tlv{class: int(der[0] >> 6), tag: int(der[0] & 0x1f), compound: der[0]&0x20 != 0}
	if e.tag == 0x1f {
		return tlv{}, nil, errTag
	}
	length, header, err := readLength(der[1:])
	if err != nil {
		return tlv{}, nil, err
	}
	header++
	if length > len(der)-header {
		return tlv{}, nil, errTruncated
	}
	e.full = der[:header+length]
	e.contents = e.full[header:]
	return e, der[header+length:], nil
}

// readLength reads a length in its shortest form, and gives the bytes that it
// takes.
func readLength(der []byte) (length, size int, err error) {
	if der[0] < 0x80 {
		return int(der[0]), 1, nil
	}
	octets := int(der[0] & 0x7f)
	if octets == 0 || octets > 3 { // 3 bytes say more than maxSize
		return 0, 0, errLength
	}
	if len(der) <= octets {
		return 0, 0, errTruncated
	}
	for _, b := range der[1 : 1+octets] {
		length = length<<8 | int(b)
	}
	if der[1] == 0 || length < 0x80 {
		return 0, 0, errLength
	}
	return length, 1 + octets, nil
}

// element is the DER of one element of the universal class.
func element(tag int, compound bool, contents []byte) []byte {
	return appendElement(nil, tag, compound, contents)
}

// appendElement appends the DER of an element whose contents are the parts.
func appendElement(out []byte, tag int, compound bool, parts ...[]byte) []byte {
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	first := byte(tag)
	if compound {
		first |= 0x20
	}
	out = slices.Grow(out, length+6)
	out = appendLength(append(out, first), length)
	for _, part := range parts {
		out = append(out, part...)
	}
	return out
}

// appendLength appends the DER of a length: the short form below 128.
func appendLength(out []byte, n int) []byte {
	if n < 0x80 {
		return append(out, byte(n))
	}
	octets := 1
	for rest := n >> 8; rest > 0; rest >>= 8 {
		octets++
	}
	out = append(out, 0x80|byte(octets))
	for octets--; octets >= 0; octets-- {
		out = append(out, byte(n>>(8*octets)))
	}
	return out
}
