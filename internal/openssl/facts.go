package openssl

import (
	"bytes"
	"encoding/asn1"
	"math/big"

	"arclint/internal/certificate"
	"arclint/internal/gridsec"
)

// facts are what OpenSSL keeps of a certificate when it first looks at it
// (ossl_x509v3_cache_extensions in crypto/x509/v3_purp.c).
type facts struct {
	*gridsec.Certificate
	subject, issuer string // canonical
	signature       certificate.Signature
	scheme          certificate.Scheme // of signature.Inner
	keyKind         certificate.Kind   // NoKey: OpenSSL cannot read it
	key             any

	v1       bool
	invalid  bool // an extension that OpenSSL knows cannot be read
	critical bool // a critical extension that OpenSSL does not know

	hasConstraints, isCA bool
	pathLen              int // -1: no limit

	proxy        bool // RFC 3820
	proxyPathLen int  // -1: no limit

	keyUsage    *int // nil: no such extension
	extKeyUsage *int
	netscape    *int

	subjectKeyID   []byte // nil: no such extension
	authorityKeyID *authorityKeyID
	names          []asn1.RawValue // of subjectAltName
	constraints    *nameConstraints
	crlPoints      []distributionPoint

	selfIssued bool // subject and issuer are the same name
	selfSigned bool // and nothing speaks against the signature being its own
}

// Bits of keyUsage as OpenSSL numbers them.
const (
	kuDigitalSignature = 0x80
	kuKeyEncipherment  = 0x20
	kuKeyAgreement     = 0x08
	kuCertSign         = 0x04
	kuCRLSign          = 0x02
)

// Bits of extKeyUsage: only what matters to a TLS connection.
const (
	ekuServer = 1 << iota
	ekuClient
	ekuGatedCrypto
)

// Bits of the Netscape certificate type.
const (
	nsClient = 0x80
	nsServer = 0x40
	nsTLSCA  = 0x04
	nsAnyCA  = 0x07
)

// The types of the attributes of a name that matter.
const (
	oidCommonName   = "2.5.4.3"
	oidEmailAddress = "1.2.840.113549.1.9.1"
)

// The extensions that take part in the verification, by dotted OID.
const (
	extSubjectKeyID     = "2.5.29.14"
	extKeyUsage         = "2.5.29.15"
	extSubjectAltName   = "2.5.29.17"
	extIssuerAltName    = "2.5.29.18"
	extBasicConstraints = "2.5.29.19"
	extDeltaCRL         = "2.5.29.27"
	extIssuingPoint     = "2.5.29.28"
	extNameConstraints  = "2.5.29.30"
	extCRLPoints        = "2.5.29.31"
	extAuthorityKeyID   = "2.5.29.35"
	extExtKeyUsage      = "2.5.29.37"
	extNetscapeType     = "2.16.840.1.113730.1.1"
	extProxyCertInfo    = "1.3.6.1.5.5.7.1.14"
	extAddresses        = "1.3.6.1.5.5.7.1.7" // RFC 3779
	extNumbers          = "1.3.6.1.5.5.7.1.8"
)

// mayBeCritical says which critical extensions OpenSSL accepts (supported_nids
// in v3_purp.c).
func mayBeCritical(oid string) bool {
	switch oid {
	case extNetscapeType, extKeyUsage, extSubjectAltName, extBasicConstraints,
		extCRLPoints, extExtKeyUsage, extProxyCertInfo, extNameConstraints, extAddresses, extNumbers,
		"2.5.29.32",            // certificatePolicies
		"2.5.29.33",            // policyMappings
		"2.5.29.36",            // policyConstraints
		"2.5.29.54",            // inhibitAnyPolicy
		"1.3.6.1.5.5.7.48.1.5": // OCSP no-check
		return true
	}
	return false
}

func newFacts(c *gridsec.Certificate, p Profile) *facts {
	f := &facts{Certificate: c, pathLen: -1, proxyPathLen: -1, v1: c.Version == 1}
	f.signature = certificate.SignatureOf(c.Raw)
	f.scheme = p.scheme(f.signature.Inner)
	f.keyKind, f.key = certificate.Key(c.RawSubjectPublicKeyInfo)
	var readable bool
	f.subject, f.issuer, readable = c.Canonical()
	f.invalid = !readable
	seen := map[string]bool{}
	for _, e := range c.Extensions {
		oid := e.Id.String()
		f.critical = f.critical || e.Critical && !mayBeCritical(oid)
		if isCached(oid) {
			der, ok := certificate.Extension(oid, e.Value)
			if seen[oid] || !ok || !f.read(oid, der) {
				f.invalid = true
			}
		}
		seen[oid] = true
	}
	if f.proxy && (f.isCA || seen[extSubjectAltName] || seen[extIssuerAltName]) {
		f.invalid = true
	}
	f.selfIssued = f.subject == f.issuer
	f.selfSigned = f.selfIssued && f.matchesKeyOf(f) && f.signedByKindOf(f)
	return f
}

// isCached says whether OpenSSL keeps what an extension says, and hence wants it once.
func isCached(oid string) bool {
	switch oid {
	case extBasicConstraints, extKeyUsage, extNetscapeType, extExtKeyUsage, extProxyCertInfo, extSubjectKeyID, extAuthorityKeyID,
		extSubjectAltName, extNameConstraints, extCRLPoints, extAddresses, extNumbers:
		return true
	}
	return false
}

// read takes one extension in; false means that it cannot be read.
func (f *facts) read(oid string, der []byte) bool {
	switch oid {
	case extBasicConstraints:
		return f.readBasicConstraints(der)
	case extKeyUsage:
		usage, ok := bitString(der)
		f.keyUsage = &usage
		return ok && usage != 0
	case extNetscapeType:
		kind, ok := bitString(der)
		kind &= 0xff
		f.netscape = &kind
		return ok
	case extExtKeyUsage:
		return f.readExtKeyUsage(der)
	case extProxyCertInfo:
		return f.readProxyCertInfo(der)
	case extSubjectKeyID:
		return unmarshal(der, &f.subjectKeyID)
	case extAuthorityKeyID:
		f.authorityKeyID = readAuthorityKeyID(der)
		return f.authorityKeyID != nil
	case extSubjectAltName:
		return unmarshal(der, &f.names) && readableNames(f.names)
	case extNameConstraints:
		f.constraints = new(nameConstraints)
		return unmarshal(der, f.constraints) && f.constraints.sound()
	case extCRLPoints:
		var ok bool
		f.crlPoints, ok = readPoints(der, f.RawIssuer)
		return ok
	case extAddresses, extNumbers:
		_, ok := children(der)
		return ok
	}
	return true
}

func unmarshal(der []byte, value any) bool {
	_, err := asn1.Unmarshal(der, value)
	return err == nil
}

// bitString gives the first two octets, the first of them low.
func bitString(der []byte) (value int, ok bool) {
	var v asn1.RawValue
	if !unmarshal(der, &v) || v.Class != asn1.ClassUniversal || v.Tag != asn1.TagBitString {
		return 0, false
	}
	return bits(v)
}

func (f *facts) readBasicConstraints(der []byte) bool {
	list, ok := children(der)
	if !ok {
		return false
	}
	f.hasConstraints = true
	in := &fields{list}
	if ca, found := in.take(asn1.ClassUniversal, asn1.TagBoolean); found {
		if f.isCA, ok = boolean(ca); !ok {
			return false
		}
	}
	if length, found := in.take(asn1.ClassUniversal, asn1.TagInteger); found {
		var n *big.Int
		if !unmarshal(length.FullBytes, &n) || !limit(n, &f.pathLen) {
			return false
		}
	}
	return len(in.list) == 0
}

// limit keeps a path length; a negative one cannot be read.
func limit(n *big.Int, to *int) bool {
	switch {
	case n == nil:
		return true
	case n.Sign() < 0:
		return false
	case n.IsInt64() && n.Int64() < 1<<30:
		*to = int(n.Int64())
	default:
		*to = 1 << 30
	}
	return true
}

func (f *facts) readProxyCertInfo(der []byte) bool {
	var v struct {
		PathLen *big.Int `asn1:"optional"`
		Policy  struct {
			Language asn1.RawValue // an OID
			Policy   []byte        `asn1:"optional"`
		}
	}
	if !unmarshal(der, &v) {
		return false
	}
	f.proxy = true
	return limit(v.PathLen, &f.proxyPathLen)
}

func (f *facts) readExtKeyUsage(der []byte) bool {
	var oids []asn1.RawValue
	if !unmarshal(der, &oids) {
		return false
	}
	bits := 0
	for _, oid := range oids {
		switch dotted(oid) {
		case oidServerAuth:
			bits |= ekuServer
		case oidClientAuth:
			bits |= ekuClient
		case "1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1":
			bits |= ekuGatedCrypto
		}
	}
	f.extKeyUsage = &bits
	return true
}

// Extended key usages, which are also the names of trust settings.
const (
	oidServerAuth = "1.3.6.1.5.5.7.3.1"
	oidClientAuth = "1.3.6.1.5.5.7.3.2"
	oidAnyUsage   = "2.5.29.37.0"
)

type authorityKeyID struct {
	KeyID  []byte          `asn1:"optional,tag:0"`
	Issuer []asn1.RawValue `asn1:"optional,tag:1"`
	Serial *big.Int        `asn1:"optional,tag:2"`
}

func readAuthorityKeyID(der []byte) *authorityKeyID {
	id := new(authorityKeyID)
	if !unmarshal(der, id) {
		return nil
	}
	return id
}

// names says whether the identifier may mean the key of issuer; nil means any
// (X509_check_akid).
func (id *authorityKeyID) names(issuer *facts) bool {
	if id == nil {
		return true
	}
	if id.KeyID != nil && issuer.subjectKeyID != nil && !bytes.Equal(id.KeyID, issuer.subjectKeyID) {
		return false
	}
	if id.Serial != nil && id.Serial.Cmp(issuer.SerialNumber) != 0 {
		return false
	}
	for _, name := range id.Issuer {
		if name.Tag == nameDirectory && name.Class == asn1.ClassContextSpecific {
			directory, _ := canonicalName(name.Bytes)
			return directory == issuer.issuer
		}
	}
	return true
}

// matchesKeyOf says whether the authority key identifier of f, if it has one,
// may mean the key of issuer.
func (f *facts) matchesKeyOf(issuer *facts) bool { return f.authorityKeyID.names(issuer) }

// issuedBy says whether issuer may have issued f, by names and identifiers
// alone (ossl_x509_likely_issued). The signature is looked at later.
func (f *facts) issuedBy(issuer *facts) bool {
	return issuer.subject == f.issuer && !issuer.invalid && !f.invalid &&
		f.matchesKeyOf(issuer) && f.signedByKindOf(issuer)
}

// lacks says whether usage is there and has none of the bits.
func lacks(usage *int, bits int) bool { return usage != nil && *usage&bits == 0 }

// Kinds of CA (check_ca in v3_purp.c).
const (
	notCA      = 0
	plainCA    = 1
	v1Root     = 3 // version 1 and self-signed
	keyUsageCA = 4 // no basicConstraints, but a keyUsage that has keyCertSign
	netscapeCA = 5
)

func (f *facts) ca() int {
	switch {
	case f.invalid, lacks(f.keyUsage, kuCertSign):
		return notCA
	case f.hasConstraints && f.isCA:
		return plainCA
	case f.hasConstraints:
		return notCA
	case f.v1 && f.selfSigned:
		return v1Root
	case f.keyUsage != nil:
		return keyUsageCA
	case f.netscape != nil && *f.netscape&nsAnyCA != 0:
		return netscapeCA
	}
	return notCA
}

// allows says whether the extensions allow the purpose, for a certificate that
// issued another (issuer) or for one that presents itself.
func (f *facts) allows(p Purpose, issuer bool) bool {
	eku, ku, ns := ekuServer|ekuGatedCrypto, kuDigitalSignature|kuKeyEncipherment|kuKeyAgreement, nsServer
	if p == Client {
		eku, ku, ns = ekuClient, kuDigitalSignature|kuKeyAgreement, nsClient
	}
	if f.invalid {
		// X509_check_purpose reports an error, which is no refusal unless
		// X509_V_FLAG_X509_STRICT is set.
		return true
	}
	if lacks(f.extKeyUsage, eku) {
		return false
	}
	if issuer {
		kind := f.ca()
		return kind != notCA && (kind != netscapeCA || *f.netscape&nsTLSCA != 0)
	}
	return !lacks(f.keyUsage, ku) && !lacks(f.netscape, ns)
}

// signedByKindOf says whether a key of that kind can have made the signature of
// f (check_sig_alg_match).
func (f *facts) signedByKindOf(issuer *facts) bool {
	return f.scheme.Fits(issuer.keyKind)
}
