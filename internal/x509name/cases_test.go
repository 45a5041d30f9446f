package x509name

import (
	"encoding/asn1"
	"strings"
	"testing"
)

const (
	c     = "2.5.4.6"
	o     = "2.5.4.10"
	cn    = "2.5.4.3"
	dc    = "0.9.2342.19200300.100.1.25"
	uid   = "0.9.2342.19200300.100.1.1"
	email = "1.2.840.113549.1.9.1"

	bits      = asn1.TagBitString
	utf8s     = asn1.TagUTF8String
	numeric   = asn1.TagNumericString
	printable = asn1.TagPrintableString
	t61       = asn1.TagT61String
	ia5       = asn1.TagIA5String
	bmp       = asn1.TagBMPString
	universal = tagUniversalString
	visible   = 26
	general   = asn1.TagGeneralString
)

// aCase is a made name. What OpenSSL makes of it stands in testdata/golden.tsv.
type aCase struct {
	label string
	der   []byte
}

func cases(t testing.TB) []aCase {
	long := strings.Repeat("Long ", 20000)
	return []aCase{
		{"empty name", name(t)},
		{"empty relative name first", name(t, []pair{}, one(cn, utf8s, "x"))},
		{"plain", name(t, one(c, printable, "XX"), one(o, printable, "Example Org"), one(cn, printable, "Example CA"))},
		{"plain in lower case", name(t, one(c, printable, "xx"), one(o, printable, "example org"), one(cn, printable, "example ca"))},
		{"plain in UTF8String", name(t, one(c, utf8s, "XX"), one(o, utf8s, "Example Org"), one(cn, utf8s, "Example CA"))},
		{"UTF-8", name(t, one(cn, utf8s, "Exämple ΣΑΣ 例 🔑"))},
		{"UTF-8 that is not valid", name(t, one(cn, utf8s, "a\xc3"))},
		{"UTF-8 surrogate", name(t, one(cn, utf8s, "a\xed\xa0\x80"))},
		{"spaces", name(t, one(cn, utf8s, "  two  spaces\t\n\v\f\r and more  "))},
		{"spaces only", name(t, one(cn, utf8s, "   "))},
		{"no-break space", name(t, one(cn, utf8s, "\u00a0x\u00a0"))},
		{"no-break space in T61String", name(t, one(cn, t61, "\xa0X\x85"))},
		{"empty value", name(t, one(cn, utf8s, ""), one(cn, printable, ""), one(cn, numeric, ""), one(cn, bmp, ""))},
		{"email", name(t, one(cn, printable, "A B"), one(email, ia5, "Someone@Example.ORG"))},
		{"DC", name(t, one(dc, ia5, "ORG"), one(dc, ia5, "Example"), one(cn, utf8s, "CA"))},
		{"UID", name(t, one(uid, utf8s, "u1"), one("0.9.2342.19200300.100.1.44", utf8s, "u2"))},
		{"short names", name(t, one("2.5.4.4", utf8s, "a"), one("2.5.4.5", utf8s, "a"), one("2.5.4.9", utf8s, "a"), one("2.5.4.42", utf8s, "a"), one("2.5.4.97", utf8s, "a"), one("1.3.6.1.4.1.311.60.2.1.3", utf8s, "a"))},
		{"several values", name(t, one(o, utf8s, "x"), []pair{{cn, utf8s, "Zed"}, {uid, utf8s, "u"}, {"2.5.4.11", printable, "a"}}, one(cn, utf8s, "y"))},
		{"several values that fold into another order", name(t, []pair{{cn, printable, "  b"}, {cn, utf8s, "a"}, {cn, t61, "C"}})},
		{"two equal values", name(t, []pair{{cn, utf8s, "a"}, {cn, utf8s, "A"}})},
		{"T61String", name(t, one(cn, t61, "Ex\xe4mple \x80\xff"))},
		{"BMPString", name(t, one(cn, bmp, "\x00A\x00 \x00 \x03\xa3\x00/\x00+"))},
		{"BMPString surrogate", name(t, one(cn, bmp, "\xd8\x00\xdc\x00"))},
		{"BMPString of odd length", name(t, one(cn, bmp, "\x00A\x00"))},
		{"UniversalString", name(t, one(cn, universal, "\x00\x00\x00A\x00\x01\xf5\x11"))},
		{"UniversalString above Unicode", name(t, one(cn, universal, "\x00\x11\x00\x00"))},
		{"UniversalString of odd length", name(t, one(cn, universal, "\x00\x00\x00A\x00"))},
		{"NumericString", name(t, one(cn, numeric, " 1  2 "))},
		{"BIT STRING", name(t, one("2.5.4.45", bits, "\x03\xff\xff"))},
		{"BIT STRING without bits", name(t, one("2.5.4.45", bits, "\x00"))},
		{"BIT STRING with unused bits of nothing", name(t, one("2.5.4.45", bits, "\x03"))},
		{"BIT STRING without a count", name(t, one("2.5.4.45", bits, ""))},
		{"SEQUENCE", name(t, one(cn, asn1.TagSequence, "\x13\x01A"))},
		{"VisibleString", name(t, one(cn, visible, "A"))},
		{"GeneralString", name(t, one(cn, general, "\x00\x00\x00A"))},
		{"OCTET STRING", name(t, one(cn, asn1.TagOctetString, "A"))},
		{"a tag without a type", name(t, one(cn, 15, "Ab"))},
		{"unknown OID", name(t, one("1.3.6.1.4.1.99999.1.2", utf8s, "v"), one("2.999.3", utf8s, "v"))},
		{"OID of 1 and 39", name(t, one("1.39.1", utf8s, "v"), one("0.39", utf8s, "v"), one("2.0.1", utf8s, "v"))},
		{"OID with a large arc", name(t, one("raw:69"+strings.Repeat("ff", 12)+"7f", utf8s, "v"))},
		{"OID with a large first arc", name(t, one("raw:"+strings.Repeat("ff", 12)+"7f01", utf8s, "v"))},
		{"OID with arcs of 64 bits", name(t, one("raw:2a81ffffffffffffffff7f", utf8s, "v"), one("raw:2a82808080808080808000", utf8s, "v"))},
		{"OID longer than the buffer", name(t, one("raw:2a"+strings.Repeat("01", 60), utf8s, "v"))},
		{"OID with a large arc longer than the buffer", name(t, one("raw:2a"+strings.Repeat("ff", 60)+"7f", utf8s, "v"))},
		{"OID of 586 bytes", name(t, one("raw:2a"+strings.Repeat("01", 585), utf8s, "v"))},
		{"OID of 587 bytes", name(t, one("raw:2a"+strings.Repeat("01", 586), utf8s, "v"))},
		{"OID that does not end", name(t, one("raw:2a83", utf8s, "v"))},
		{"OID that is padded", name(t, one("raw:2a8001", utf8s, "v"))},
		{"slash and plus", name(t, one(cn, utf8s, "host/ce.example.org"), one(o, utf8s, `a+b=c\d,"e"`))},
		{"control characters", name(t, one(cn, utf8s, "a\x00b\nc\x1b[31m\x7f"))},
		{"escape looks like a value", name(t, one(cn, printable, `\x41\/`))},
		{"very long value", name(t, one(cn, utf8s, long))},
		{"lengths of one, two and three octets", name(t, one(cn, utf8s, long[:127]), one(cn, utf8s, long[:128]), one(cn, utf8s, long[:256]), one(cn, utf8s, long[:70000]))},
	}
}
