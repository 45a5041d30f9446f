package gridsec

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
)

// parseLeniently reads a certificate as crypto/x509 does. Where the library
// refuses an extension that OpenSSL reads (a URI without a host, the name
// constraint of an address of six bytes), it gets the certificate without that
// extension; the list of Extensions has it all the same.
func parseLeniently(der []byte) (*x509.Certificate, error) {
	cert, err := x509.ParseCertificate(der)
	if err == nil {
		return cert, nil
	}
	p, ok := partsOf(der)
	if !ok {
		return nil, err
	}
	cert, parseErr := p.accepted()
	if parseErr != nil {
		return nil, err
	}
	return cert, nil
}

// certificateParts are what stands around the extensions of a certificate of
// version 3 (RFC 5280 section 4.1).
type certificateParts struct {
	der, tbs          []byte
	before, after     []byte // of the TBSCertificate, and behind it
	extensions        []pkix.Extension
	accepts, unknowns []pkix.Extension // those that the library takes alone, and the others
}

// The tags of the extensions, constructed.
const (
	tagExtensions     = 0xa3 // of a certificate, [3]
	tagListExtensions = 0xa0 // of a CRL, [0]
)

// maxExtensions is how many are looked at one by one: a hostile certificate has
// many thousands.
const maxExtensions = 64

func partsOf(der []byte) (*certificateParts, bool) {
	outer, ok := readElement(der)
	if !ok || outer.tag != tagSequence {
		return nil, false
	}
	tbs, ok := readElement(outer.content)
	if !ok || tbs.tag != tagSequence {
		return nil, false
	}
	p := &certificateParts{der: outer.whole, tbs: tbs.whole, after: tbs.rest}
	for at := tbs.content; len(at) > 0; {
		e, ok := readElement(at)
		if !ok {
			return nil, false
		}
		if e.tag == tagExtensions {
			p.before = bytes.Clone(tbs.content[:len(tbs.content)-len(at)])
			rest, err := asn1.Unmarshal(e.content, &p.extensions)
			return p, err == nil && len(rest) == 0 && len(e.rest) == 0 && len(p.extensions) <= maxExtensions
		}
		at = e.rest
	}
	return nil, false
}

// accepted is the certificate with the extensions that the library takes.
func (p *certificateParts) accepted() (*x509.Certificate, error) {
	for _, e := range p.extensions {
		again := slices.ContainsFunc(p.accepts, func(have pkix.Extension) bool { return have.Id.Equal(e.Id) })
		if _, err := p.with(e); err == nil && !again {
			p.accepts = append(p.accepts, e)
		} else {
			p.unknowns = append(p.unknowns, e)
		}
	}
	cert, err := p.with(p.accepts...)
	if err != nil {
		return nil, err
	}
	cert.Raw, cert.RawTBSCertificate, cert.Extensions = p.der, p.tbs, p.extensions
	for _, e := range p.unknowns {
		if e.Critical {
			cert.UnhandledCriticalExtensions = append(cert.UnhandledCriticalExtensions, e.Id)
		}
	}
	return cert, nil
}

// with is the certificate with these extensions and no others.
func (p *certificateParts) with(list ...pkix.Extension) (*x509.Certificate, error) {
	tbs := p.before
	if len(list) > 0 {
		der, err := asn1.Marshal(list)
		if err != nil {
			return nil, err
		}
		explicit, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 3, IsCompound: true, Bytes: der})
		if err != nil {
			return nil, err
		}
		tbs = slices.Concat(tbs, explicit)
	}
	return x509.ParseCertificate(sequence(slices.Concat(sequence(tbs), p.after)))
}

// parseLenientCRL reads a CRL that crypto/x509 refuses and OpenSSL reads: one of
// version 1, or with an extension that is no good. The library gets the list
// without its extensions and entries.
func parseLenientCRL(der []byte) (*x509.RevocationList, bool) {
	outer, ok := readElement(der)
	if !ok || outer.tag != tagSequence {
		return nil, false
	}
	tbs, ok := readElement(outer.content)
	if !ok || tbs.tag != tagSequence {
		return nil, false
	}
	p, ok := listPartsOf(tbs.content)
	if !ok {
		return nil, false
	}
	list, err := x509.ParseRevocationList(sequence(slices.Concat(sequence(p.head), tbs.rest)))
	if err != nil {
		return nil, false
	}
	list.Raw, list.RawTBSRevocationList = outer.whole, tbs.whole
	list.Extensions, list.RevokedCertificateEntries = p.extensions, p.entries
	return list, true
}

// listParts are the parts of a TBSCertList (RFC 5280 section 5.1).
type listParts struct {
	head       []byte // what stands before the entries, of version 2
	entries    []x509.RevocationListEntry
	extensions []pkix.Extension
}

func listPartsOf(tbs []byte) (p listParts, ok bool) {
	if len(tbs) > 0 && tbs[0] != tagInteger {
		p.head = []byte{tagInteger, 1, 1}
	}
	names := 0 // sequences: the algorithm and the issuer stand in the head
	for at := tbs; len(at) > 0; {
		e, ok := readElement(at)
		switch {
		case !ok:
			return p, false
		case e.tag == tagListExtensions:
			rest, err := asn1.Unmarshal(e.content, &p.extensions)
			return p, err == nil && len(rest) == 0 && len(e.rest) == 0
		case e.tag == tagSequence && names == 2:
			if p.entries, ok = parseRevoked(e.content, true); !ok {
				return p, false
			}
		default:
			p.head = append(p.head, e.whole...)
			if e.tag == tagSequence {
				names++
			}
		}
		at = e.rest
	}
	return p, true
}
