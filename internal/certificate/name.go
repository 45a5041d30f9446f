package certificate

import (
	"crypto/x509/pkix"
	"slices"
	"unicode/utf8"

	"arclint/internal/ber"
)

// nameOf is a name for display: what compares names reads RawSubject and RawIssuer.
func nameOf(v *ber.Value) (name pkix.Name) {
	var list pkix.RDNSequence
	for _, set := range v.Parts {
		var rdn pkix.RelativeDistinguishedNameSET
		for _, entry := range set.Parts {
			rdn = append(rdn, pkix.AttributeTypeAndValue{Type: arcs(entry.Parts[0].Content), Value: textOf(entry.Parts[1])})
		}
		list = append(list, rdn)
	}
	name.FillFromRDNSequence(&list)
	return name
}

func textOf(v *ber.Value) string {
	width := 1
	switch v.Tag {
	case ber.UTF8String:
		return string(v.Content)
	case ber.BMPString:
		width = 2
	case ber.UniversalString:
		width = 4
	}
	var text []byte
	for unit := range slices.Chunk(v.Content, width) {
		r := rune(0)
		for _, b := range unit {
			r = r<<8 | rune(b)
		}
		text = utf8.AppendRune(text, r)
	}
	return string(text)
}
