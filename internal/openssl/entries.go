package openssl

import (
	"crypto/x509"
	"encoding/asn1"
	"iter"

	"arclint/internal/certificate"
)

// The extensions of an entry that OpenSSL looks into, by dotted OID.
const (
	extReasonCode        = "2.5.29.21"
	extCertificateIssuer = "2.5.29.29"
)

var (
	oidReasonCode        = asn1.ObjectIdentifier{2, 5, 29, 21}
	oidCertificateIssuer = asn1.ObjectIdentifier{2, 5, 29, 29}
)

// entry is an entry of a CRL as OpenSSL reads it.
type entry struct {
	*x509.RevocationListEntry
	issuers  []asn1.RawValue // of the certificate; nil: the issuer of the CRL
	removed  bool            // it takes the certificate out of the list again
	critical bool            // it has a critical extension that OpenSSL does not know
}

// entries gives the entries in order. An issuer of certificates holds for those
// that follow, too. Behind an extension that cannot be read OpenSSL looks at no
// extension any more (crl_set_issuers in x_crl.c).
func (f *crlFacts) entries() iter.Seq[entry] {
	return func(yield func(entry) bool) {
		var issuers []asn1.RawValue
		reading := true
		for i := range f.RevokedCertificateEntries {
			e := entry{RevocationListEntry: &f.RevokedCertificateEntries[i]}
			if reading {
				reading = e.read(&issuers)
			}
			if !yield(e) {
				return
			}
		}
	}
}

// reasonRemoved takes a certificate out of the list again (RFC 5280 section
// 5.3.1).
const reasonRemoved = 8

// read takes the extensions of the entry in; false means that one of them cannot
// be read.
func (e *entry) read(issuers *[]asn1.RawValue) bool {
	for _, x := range e.Extensions {
		if !x.Id.Equal(oidCertificateIssuer) {
			continue
		}
		der, ok := certificate.Extension(extCertificateIssuer, x.Value)
		if !ok {
			return false
		}
		names, ok := children(der)
		if !ok || !readableNames(names) {
			return false
		}
		*issuers = names
	}
	e.issuers = *issuers
	for _, x := range e.Extensions {
		if x.Id.Equal(oidReasonCode) {
			var code asn1.Enumerated
			if der, ok := certificate.Extension(extReasonCode, x.Value); !ok || !unmarshal(der, &code) {
				return false
			}
			e.removed = code == reasonRemoved
		}
	}
	for _, x := range e.Extensions {
		e.critical = e.critical || x.Critical && !x.Id.Equal(oidCertificateIssuer)
	}
	return true
}

// revokes says whether the list has the certificate (def_crl_lookup).
func (f *crlFacts) revokes(leaf *facts) bool {
	for e := range f.entries() {
		if e.SerialNumber.Cmp(leaf.SerialNumber) == 0 && e.of(leaf.issuer) {
			return !e.removed
		}
	}
	return false
}

// of says whether the entry speaks of a certificate of that issuer, which is the
// issuer of the CRL.
func (e entry) of(issuer string) bool {
	return e.issuers == nil || holdsDirectory(e.issuers, issuer)
}
