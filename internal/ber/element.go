// Package ber reads ASN.1 as OpenSSL does: by the rules of BER, and by templates
// of the type that is expected (crypto/asn1/tasn_dec.c, asn1_lib.c and the a_*.c of
// OpenSSL). What it reads it can write again in DER, for readers that are stricter.
package ber

import (
	"math"
	"slices"
)

// The classes of tags.
const (
	Universal = 0
	Context   = 2
)

// The universal tags that have rules of their own.
const (
	Boolean         = 1
	Integer         = 2
	BitString       = 3
	OctetString     = 4
	Null            = 5
	OID             = 6
	Enumerated      = 10
	UTF8String      = 12
	Sequence        = 16
	Set             = 17
	NumericString   = 18
	PrintableString = 19
	T61String       = 20
	IA5String       = 22
	UTCTime         = 23
	GeneralizedTime = 24
	UniversalString = 28
	BMPString       = 30
)

// Unsigned is for Prim: an INTEGER of any content, which OpenSSL takes for a number
// without a sign (BIGNUM in x_bignum.c).
const Unsigned = -Integer

// header begins an element.
type header struct {
	class, tag  int
	constructed bool
	open        bool // of indefinite length: two zero bytes end it
	minimal     bool // as DER writes it
	size        int  // of the header
	length      int  // of the contents; where open, of all that follows
}

// readHeader is ASN1_get_object: a tag or a length may be longer than it need be.
func readHeader(data []byte) (h header, ok bool) {
	if len(data) < 2 {
		return h, false
	}
	h = header{class: int(data[0] >> 6), tag: int(data[0] & 0x1f), constructed: data[0]&0x20 != 0, minimal: true}
	at := 1
	if h.tag == 0x1f {
		if at, ok = h.readTag(data); !ok {
			return h, false
		}
	}
	if at, ok = h.readLength(data, at); !ok {
		return h, false
	}
	h.size = at
	if h.open {
		h.length = len(data) - at
		return h, h.constructed
	}
	return h, h.length <= len(data)-at
}

// readTag reads a tag of more than one byte.
func (h *header) readTag(data []byte) (at int, ok bool) {
	h.tag = 0
	for at = 1; at < len(data); at++ {
		if h.tag > math.MaxInt32>>7 {
			return 0, false
		}
		h.tag = h.tag<<7 | int(data[at]&0x7f)
		if data[at] < 0x80 {
			h.minimal = h.tag >= 0x1f && data[1] != 0x80
			return at + 1, true
		}
	}
	return 0, false
}

func (h *header) readLength(data []byte, at int) (after int, ok bool) {
	if at >= len(data) {
		return 0, false
	}
	first := data[at]
	at++
	if first < 0x80 {
		h.length = int(first)
		return at, true
	}
	octets := data[at:min(len(data), at+int(first&0x7f))]
	if len(octets) < int(first&0x7f) {
		return 0, false
	}
	at += len(octets)
	if h.open = len(octets) == 0; h.open {
		h.minimal = false
		return at, true
	}
	h.minimal = h.minimal && octets[0] != 0
	for len(octets) > 0 && octets[0] == 0 {
		octets = octets[1:]
	}
	if len(octets) > 7 {
		return 0, false // more than there can be
	}
	for _, b := range octets {
		h.length = h.length<<8 | int(b)
	}
	h.minimal = h.minimal && h.length >= 0x80
	return at, true
}

// isEnd says whether the two zero bytes stand there that end an element of
// indefinite length.
func isEnd(data []byte) bool { return len(data) >= 2 && data[0] == 0 && data[1] == 0 }

// Element is an element of any type.
type Element struct {
	Class, Tag  int
	Constructed bool
	Content     []byte // without the bytes that end an indefinite length
	Whole       []byte
}

// First cuts the first element off the bytes; ok is false where none is whole.
func First(data []byte) (e Element, rest []byte, ok bool) {
	h, ok := readHeader(data)
	if !ok {
		return e, nil, false
	}
	e = Element{Class: h.class, Tag: h.tag, Constructed: h.constructed}
	end := h.size + h.length
	e.Content = data[h.size:end:end]
	if h.open {
		inner, ok := endOf(e.Content)
		if !ok {
			return e, nil, false
		}
		e.Content, end = e.Content[:inner:inner], h.size+inner+2
	}
	e.Whole = data[:end:end]
	return e, data[end:], true
}

// endOf finds the end of contents of indefinite length (asn1_find_end).
func endOf(data []byte) (length int, ok bool) {
	for at, open := 0, 1; ; {
		if isEnd(data[at:]) {
			if open--; open == 0 {
				return at, true
			}
			at += 2
			continue
		}
		h, ok := readHeader(data[at:])
		if !ok {
			return 0, false
		}
		at += h.size
		if h.open {
			open++
		} else {
			at += h.length
		}
	}
}

// Wrap writes the DER of an element around the contents.
func Wrap(class, tag int, constructed bool, contents ...[]byte) []byte {
	length := 0
	for _, c := range contents {
		length += len(c)
	}
	out := appendHeader(make([]byte, 0, length+12), class, tag, constructed, length)
	for _, c := range contents {
		out = append(out, c...)
	}
	return out
}

func appendHeader(out []byte, class, tag int, constructed bool, length int) []byte {
	first := byte(class << 6)
	if constructed {
		first |= 0x20
	}
	if tag < 0x1f {
		out = append(out, first|byte(tag))
	} else {
		out = append(out, first|0x1f)
		out = appendDigits(out, tag, 7, 0x80)
	}
	if length < 0x80 {
		return append(out, byte(length))
	}
	octets := appendDigits(nil, length, 8, 0)
	return append(append(out, 0x80|byte(len(octets))), octets...)
}

// appendDigits writes a number in digits of so many bits, with a mark on all but the
// last.
func appendDigits(out []byte, n, bits int, mark byte) []byte {
	digits := []byte{byte(n & (1<<bits - 1))}
	for n >>= bits; n > 0; n >>= bits {
		digits = append(digits, byte(n&(1<<bits-1))|mark)
	}
	slices.Reverse(digits)
	return append(out, digits...)
}
