package voms

import "arclint/internal/ber"

// The types of RFC 5755 section 4.1 and of VOMS, as the templates of OpenSSL 3.4 and of
// ARC 6 (VOMSAttribute.cpp) both take them.
var (
	oid       = ber.Prim(ber.OID)
	integer   = ber.Prim(ber.Integer)
	bitString = ber.Prim(ber.BitString)
	octets    = ber.Prim(ber.OctetString)
	ia5       = ber.Prim(ber.IA5String)
	instant   = ber.Prim(ber.GeneralizedTime)

	// A Name is kept as it is: x509name reads it.
	name         = ber.Prim(ber.Sequence)
	whole        = ber.Prim(ber.Sequence)
	generalName  = ber.OneOf(ber.F(ia5).Implicit(tagMail), ber.F(ia5).Implicit(tagDNS), ber.F(name).Within(tagDirectory), ber.F(ia5).Implicit(tagURI))
	generalNames = ber.SeqOf(generalName)

	algorithm  = ber.Seq(ber.F(oid), ber.Opt(ber.Any()))
	baseID     = ber.Seq(ber.F(generalNames), ber.F(integer), ber.Opt(bitString))
	holder     = ber.Seq(ber.Opt(baseID).Implicit(0), ber.Opt(generalNames).Implicit(1), ber.Opt(whole).Implicit(2))
	form       = ber.Seq(ber.F(generalNames))
	validity   = ber.Seq(ber.F(instant), ber.F(instant))
	attribute  = ber.Seq(ber.F(oid), ber.F(ber.SetOf(ber.Any())))
	extension  = ber.Seq(ber.F(oid), ber.Opt(ber.Prim(ber.Boolean)), ber.F(octets))
	infoType   = ber.Seq(ber.F(integer), ber.F(holder), ber.F(form).Implicit(0), ber.F(algorithm), ber.F(integer), ber.F(validity), ber.F(ber.SeqOf(attribute)), ber.Opt(bitString), ber.Opt(ber.SeqOf(extension)))
	acType     = ber.Seq(ber.F(infoType), ber.F(algorithm), ber.F(bitString))
	listType   = ber.Seq(ber.F(ber.SeqOf(acType)))
	syntax     = ber.Seq(ber.Opt(generalNames).Implicit(0), ber.F(ber.SeqOf(ber.Any())))
	signerType = ber.Seq(ber.F(ber.SeqOf(whole)))
)

// Tags of GeneralName, RFC 5280 section 4.2.1.6.
const (
	tagMail      = 1
	tagDNS       = 2
	tagDirectory = 4
	tagURI       = 6
)

// Fields of infoType.
const (
	_ = iota
	fieldHolder
	fieldIssuer
	fieldAlgorithm
	_
	fieldValidity
	fieldAttributes
	_
	fieldExtensions
)

// OIDs of attributes, extensions and algorithms.
const (
	oidFQANs      = "1.3.6.1.4.1.8005.100.100.4"
	oidSigners    = "1.3.6.1.4.1.8005.100.100.10"
	oidNoRevAvail = "2.5.29.56"
	oidAuthority  = "2.5.29.35"
	oidTargets    = "2.5.29.55"
)
