package certificate

import "arclint/internal/ber"

// The templates of OpenSSL: x_x509.c, x_name.c, x_algor.c, x_val.c, x_pubkey.c,
// x_exten.c.
var (
	oid       = ber.Prim(ber.OID)
	integer   = ber.Prim(ber.Integer)
	boolean   = ber.Prim(ber.Boolean)
	bitString = ber.Prim(ber.BitString)
	octets    = ber.Prim(ber.OctetString)
	ia5       = ber.Prim(ber.IA5String)
	date      = ber.Strings(ber.UTCTime, ber.GeneralizedTime)

	// B_ASN1_PRINTABLE: the tags that OpenSSL has no name for are among them.
	nameValue = ber.Strings(ber.BitString, 7, 8, 9, 10, 11, ber.UTF8String, 13, 14, 15, ber.Sequence,
		ber.NumericString, ber.PrintableString, ber.T61String, ber.IA5String, ber.UniversalString, 29, ber.BMPString)
	nameEntry = ber.Seq(ber.F(oid), ber.F(nameValue))
	nameType  = ber.SeqOf(ber.SetOf(nameEntry))

	algorithm     = ber.Seq(ber.F(oid), ber.Opt(ber.Any()))
	validity      = ber.Seq(ber.F(date), ber.F(date))
	publicKey     = ber.Seq(ber.F(algorithm), ber.F(bitString))
	extensionType = ber.Seq(ber.F(oid), ber.Opt(boolean), ber.F(octets))

	tbsType = ber.Seq(
		ber.Opt(integer).Within(0), ber.F(integer), ber.F(algorithm), ber.F(nameType), ber.F(validity), ber.F(nameType), ber.F(publicKey),
		ber.Opt(bitString).Implicit(1), ber.Opt(bitString).Implicit(2), ber.Opt(ber.SeqOf(extensionType)).Within(3))
	certificateType = ber.Seq(ber.F(tbsType), ber.F(algorithm), ber.F(bitString))
)

// The fields of tbsType and certificateType.
const (
	fieldVersion = iota
	fieldSerial
	fieldAlgorithm
	fieldIssuer
	fieldValidity
	fieldSubject
	fieldKey
	_
	_
	fieldExtensions
)

// The types of extensions: v3_bcons.c, v3_genn.c, v3_akid.c, v3_ncons.c, v3_crld.c,
// v3_pci.c, v3_addr.c, v3_asid.c and others.
var (
	directoryString = ber.Strings(ber.PrintableString, ber.T61String, ber.BMPString, ber.UniversalString, ber.UTF8String)
	generalName     = ber.OneOf(
		ber.F(ber.Seq(ber.F(oid), ber.F(ber.Any()).Within(0))).Implicit(0),
		ber.F(ia5).Implicit(1), ber.F(ia5).Implicit(2), ber.F(ber.Prim(ber.Sequence)).Implicit(3), ber.F(nameType).Within(4),
		ber.F(ber.Seq(ber.Opt(directoryString).Within(0), ber.F(directoryString).Within(1))).Implicit(5),
		ber.F(ia5).Implicit(6), ber.F(octets).Implicit(7), ber.F(oid).Implicit(8))
	generalNames = ber.SeqOf(generalName)
	subtrees     = ber.SeqOf(ber.Seq(ber.F(generalName), ber.Opt(integer).Implicit(0), ber.Opt(integer).Implicit(1)))
	pointName    = ber.OneOf(ber.F(generalNames).Implicit(0), ber.F(ber.SetOf(nameEntry)).Implicit(1))

	addresses = ber.OneOf(ber.F(ber.Prim(ber.Null)), ber.F(ber.SeqOf(ber.OneOf(ber.F(bitString), ber.F(ber.Seq(ber.F(bitString), ber.F(bitString)))))))
	numbers   = ber.OneOf(ber.F(ber.Prim(ber.Null)), ber.F(ber.SeqOf(ber.OneOf(ber.F(integer), ber.F(ber.Seq(ber.F(integer), ber.F(integer)))))))

	extensionTypes = map[string]*ber.Type{
		"2.5.29.14":             octets,       // subjectKeyIdentifier
		"2.5.29.15":             bitString,    // keyUsage
		"2.5.29.17":             generalNames, // subjectAltName
		"2.5.29.19":             ber.Seq(ber.Opt(boolean), ber.Opt(integer)),
		"2.5.29.20":             integer,                  // cRLNumber
		"2.5.29.21":             ber.Prim(ber.Enumerated), // reasonCode
		"2.5.29.27":             integer,                  // deltaCRLIndicator
		"2.5.29.28":             ber.Seq(ber.Opt(pointName).Within(0), ber.Opt(boolean).Implicit(1), ber.Opt(boolean).Implicit(2), ber.Opt(bitString).Implicit(3), ber.Opt(boolean).Implicit(4), ber.Opt(boolean).Implicit(5)),
		"2.5.29.29":             generalNames, // certificateIssuer
		"2.5.29.30":             ber.Seq(ber.Opt(subtrees).Implicit(0), ber.Opt(subtrees).Implicit(1)),
		"2.5.29.31":             ber.SeqOf(ber.Seq(ber.Opt(pointName).Within(0), ber.Opt(bitString).Implicit(1), ber.Opt(generalNames).Implicit(2))),
		"2.5.29.35":             ber.Seq(ber.Opt(octets).Implicit(0), ber.Opt(generalNames).Implicit(1), ber.Opt(integer).Implicit(2)),
		"2.5.29.37":             ber.SeqOf(oid), // extKeyUsage
		"2.16.840.1.113730.1.1": bitString,      // Netscape certificate type
		"1.3.6.1.5.5.7.1.7":     ber.SeqOf(ber.Seq(ber.F(octets), ber.F(addresses))),
		"1.3.6.1.5.5.7.1.8":     ber.Seq(ber.Opt(numbers).Within(0), ber.Opt(numbers).Within(1)),
		"1.3.6.1.5.5.7.1.14":    ber.Seq(ber.Opt(integer), ber.F(ber.Seq(ber.F(oid), ber.Opt(octets)))), // proxyCertInfo
	}
)

// Extension is the value of an extension in DER; ok is false where OpenSSL cannot
// read it. The values of extensions that it does not look into are given as they
// are.
func Extension(oid string, value []byte) (der []byte, ok bool) {
	t := extensionTypes[oid]
	if t == nil {
		return value, true
	}
	_, strict, ok := t.Check(value)
	if !ok || strict {
		return value, ok
	}
	v, _, _ := t.Read(value)
	return v.DER(), true
}
