package ber

import "bytes"

// maxNesting is how deep the pieces of a string may be nested (ASN1_MAX_STRING_NEST).
const maxNesting = 5

// joined is the content of a string in pieces, whose tags OpenSSL does not look at
// (asn1_collect). after is what follows the element.
func joined(data []byte, open bool, depth int) (content, after []byte, ok bool) {
	for {
		switch {
		case len(data) == 0:
			return content, nil, !open
		case isEnd(data):
			return content, data[2:], open
		}
		h, ok := readHeader(data)
		if !ok {
			return nil, nil, false
		}
		inner := data[h.size : h.size+h.length]
		data = data[h.size+h.length:]
		if h.constructed {
			if depth >= maxNesting {
				return nil, nil, false
			}
			piece, rest, ok := joined(inner, h.open, depth+1)
			if !ok {
				return nil, nil, false
			}
			inner = piece
			if h.open {
				data = rest
			}
		}
		content = append(content, inner...)
	}
}

// inOnePiece says whether OpenSSL refuses pieces of that type.
func inOnePiece(tag int) bool {
	switch tag {
	case Null, Boolean, OID, Integer, Enumerated, Unsigned:
		return true
	}
	return false
}

// sound says whether OpenSSL takes the content of a primitive of a universal type
// (asn1_ex_c2i).
func sound(tag int, content []byte) bool {
	n := len(content)
	switch tag {
	case Null:
		return n == 0
	case Boolean:
		return n == 1
	case Integer, Enumerated:
		return soundInteger(content)
	case OID:
		return soundOID(content)
	case BitString:
		return n > 0 && content[0] <= 7
	case BMPString:
		return n%2 == 0
	case UniversalString:
		return n%4 == 0
	}
	return true
}

// soundInteger is c2i_ibuf: no octet may be there that says nothing.
func soundInteger(b []byte) bool {
	if len(b) < 2 {
		return len(b) == 1
	}
	negative := b[1] >= 0x80
	return !(b[0] == 0 && !negative || b[0] == 0xff && negative)
}

// soundOID is ossl_c2i_ASN1_OBJECT.
func soundOID(b []byte) bool {
	if len(b) == 0 || b[len(b)-1] >= 0x80 {
		return false
	}
	return b[0] != 0x80 && !hasPaddedArc(b)
}

func hasPaddedArc(b []byte) bool {
	for i := 1; i < len(b); i++ {
		if b[i] == 0x80 && b[i-1] < 0x80 {
			return true
		}
	}
	return false
}

// canonical is the content as DER writes it.
func canonical(tag int, content []byte) []byte {
	switch {
	case tag == Boolean && content[0] != 0 && content[0] != 0xff:
		return []byte{0xff}
	case tag == BitString && len(content) > 1:
		last := len(content) - 1
		if kept := content[last] & (0xff << content[0]); kept != content[last] {
			content = bytes.Clone(content)
			content[last] = kept
		}
	case tag == BitString && content[0] != 0:
		return []byte{0}
	}
	return content
}
