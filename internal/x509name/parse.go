package x509name

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
)

// maxSize bounds both a Name and its one-line form, as OpenSSL does
// (X509_NAME_MAX in x_name.c, NAME_ONELINE_MAX in x509_obj.c).
const maxSize = 1024 * 1024

// attribute is one type and value of a Name. The value of a SEQUENCE is its
// whole encoding, header included, as OpenSSL keeps it.
type attribute struct {
	oid   []byte // contents of the OBJECT IDENTIFIER
	tag   int    // universal tag of the value
	value []byte
	text  []byte // the characters in UTF-8; nil for a type that has no characters
}

// tagUniversalString is a tag that encoding/asn1 does not name.
const tagUniversalString = 28

// valueTags are the types of value that OpenSSL reads in a Name
// (B_ASN1_PRINTABLE in asn1.h, with the tags of B_ASN1_UNKNOWN).
// VisibleString and GeneralString are not among them.
var valueTags = [...]int{
	asn1.TagBitString, 7, 8, 9, 11, asn1.TagUTF8String, 13, 14, 15,
	asn1.TagSequence, asn1.TagNumericString, asn1.TagPrintableString,
	asn1.TagT61String, asn1.TagIA5String, tagUniversalString, 29,
	asn1.TagBMPString,
}

// parse reads a Name: a SEQUENCE OF (SET OF (SEQUENCE of type and value)),
// RFC 5280 section 4.1.2.4. It is as strict as DER where OpenSSL takes BER.
func parse(der []byte) ([][]attribute, error) {
	if len(der) > maxSize {
		return nil, fmt.Errorf("name is %d bytes long, want at most %d", len(der), maxSize)
	}
	body, rest, err := next(der, asn1.TagSequence)
	if err != nil {
		return nil, fmt.Errorf("name: %w", err)
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("name: %d bytes follow it", len(rest))
	}
	var rdns [][]attribute
	for len(body) > 0 {
		var set []byte
		if set, body, err = next(body, asn1.TagSet); err != nil {
			return nil, fmt.Errorf("relative name %d: %w", len(rdns)+1, err)
		}
		rdn, err := parseRDN(set)
		if err != nil {
			return nil, fmt.Errorf("relative name %d: %w", len(rdns)+1, err)
		}
		rdns = append(rdns, rdn)
	}
	return rdns, nil
}

func parseRDN(set []byte) ([]attribute, error) {
	var rdn []attribute
	for len(set) > 0 {
		pair, rest, err := next(set, asn1.TagSequence)
		if err != nil {
			return nil, err
		}
		attr, err := parseAttribute(pair)
		if err != nil {
			return nil, err
		}
		rdn, set = append(rdn, attr), rest
	}
	return rdn, nil
}

func parseAttribute(pair []byte) (attribute, error) {
	oid, rest, err := next(pair, asn1.TagOID)
	if err != nil {
		return attribute{}, fmt.Errorf("attribute type: %w", err)
	}
	if err := checkOID(oid); err != nil {
		return attribute{}, err
	}
	raw, rest, err := readElement(rest)
	if err != nil {
		return attribute{}, fmt.Errorf("attribute value: %w", err)
	}
	if len(rest) > 0 {
		return attribute{}, fmt.Errorf("attribute value: %d bytes follow it", len(rest))
	}
	value, err := attributeValue(raw)
	if err != nil {
		return attribute{}, err
	}
	text, err := characters(raw.tag, value)
	if err != nil {
		return attribute{}, err
	}
	return attribute{oid: oid, tag: raw.tag, value: value, text: text}, nil
}

// attributeValue is what OpenSSL keeps of a value (asn1_ex_c2i in tasn_dec.c).
func attributeValue(raw tlv) ([]byte, error) {
	if raw.class != asn1.ClassUniversal || !slices.Contains(valueTags[:], raw.tag) {
		return nil, fmt.Errorf("attribute value: class %d, tag %d, want a string type", raw.class, raw.tag)
	}
	if raw.compound != (raw.tag == asn1.TagSequence) {
		return nil, fmt.Errorf("attribute value: tag %d has the wrong form (primitive or constructed)", raw.tag)
	}
	switch n := len(raw.contents); raw.tag {
	case asn1.TagSequence:
		return raw.full, nil
	case asn1.TagBitString:
		if n == 0 || raw.contents[0] > 7 {
			return nil, errors.New("attribute value: BIT STRING without a count of unused bits from 0 to 7")
		}
		return maskUnusedBits(raw.contents), nil
	case asn1.TagBMPString:
		if n%2 != 0 {
			return nil, fmt.Errorf("attribute value: BMPString is %d bytes long, want a multiple of 2", n)
		}
	case tagUniversalString:
		if n%4 != 0 {
			return nil, fmt.Errorf("attribute value: UniversalString is %d bytes long, want a multiple of 4", n)
		}
	}
	return raw.contents, nil
}

// maskUnusedBits clears the unused bits of the contents of a BIT STRING, whose
// first octet counts them.
func maskUnusedBits(contents []byte) []byte {
	bits := slices.Clone(contents)
	if last := len(bits) - 1; last > 0 {
		bits[last] &= 0xff << bits[0]
	} else {
		bits[0] = 0
	}
	return bits
}

// next reads one element with the universal tag and returns its contents and
// what follows it.
func next(data []byte, tag int) (contents, rest []byte, err error) {
	raw, rest, err := readElement(data)
	if err != nil {
		return nil, nil, err
	}
	compound := tag == asn1.TagSequence || tag == asn1.TagSet
	if raw.class != asn1.ClassUniversal || raw.tag != tag || raw.compound != compound {
		return nil, nil, fmt.Errorf("class %d, tag %d, want universal tag %d", raw.class, raw.tag, tag)
	}
	return raw.contents, rest, nil
}
