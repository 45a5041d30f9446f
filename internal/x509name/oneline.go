package x509name

import (
	"encoding/asn1"
	"fmt"
)

const hexDigits = "0123456789ABCDEF"

// oneLine puts "/" before each relative name and "+" between the attributes
// of one.
func oneLine(rdns [][]attribute) (string, error) {
	var room [512]byte
	out := room[:0]
	for _, rdn := range rdns {
		for i, attr := range rdn {
			if i == 0 {
				out = append(out, '/')
			} else {
				out = append(out, '+')
			}
			out = appendAttributeName(out, attr.oid)
			out = append(out, '=')
			out = appendPrinted(out, attr.printed())
			if len(out) > maxSize {
				return "", fmt.Errorf("one-line form is longer than %d bytes", maxSize)
			}
		}
	}
	return string(out), nil
}

// printed are the bytes of a value that the one-line form shows: the string
// as encoded, so a BMPString shows its zero bytes. Of a BIT STRING the count
// of unused bits is left out.
func (a attribute) printed() []byte {
	if a.tag == asn1.TagBitString {
		return a.value[1:]
	}
	return a.value
}

func appendPrinted(out, value []byte) []byte {
	for _, c := range value {
		switch {
		case c < ' ' || c > '~':
			out = append(out, '\\', 'x', hexDigits[c>>4], hexDigits[c&0xf])
		case c == '/' || c == '+':
			out = append(out, '\\', c)
		default:
			out = append(out, c)
		}
	}
	return out
}
