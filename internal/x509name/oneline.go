package x509name

import (
	"encoding/asn1"
	"fmt"
	"strings"
)

const hexDigits = "0123456789ABCDEF"

// oneLine puts "/" before each relative name and "+" between the attributes
// of one.
func oneLine(rdns [][]attribute) (string, error) {
	var out strings.Builder
	for _, rdn := range rdns {
		for i, attr := range rdn {
			if i == 0 {
				out.WriteByte('/')
			} else {
				out.WriteByte('+')
			}
			out.WriteString(attributeName(attr.oid))
			out.WriteByte('=')
			writeValue(&out, attr.printed())
			if out.Len() > maxSize {
				return "", fmt.Errorf("one-line form is longer than %d bytes", maxSize)
			}
		}
	}
	return out.String(), nil
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

func writeValue(out *strings.Builder, value []byte) {
	for _, c := range value {
		switch {
		case c < ' ' || c > '~':
			out.WriteString(`\x`)
			out.WriteByte(hexDigits[c>>4])
			out.WriteByte(hexDigits[c&0xf])
		case c == '/' || c == '+':
			out.WriteByte('\\')
			out.WriteByte(c)
		default:
			out.WriteByte(c)
		}
	}
}
