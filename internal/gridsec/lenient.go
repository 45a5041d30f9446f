package gridsec

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
)

// tagListExtensions is the tag of the extensions of a CRL, [0], constructed.
const tagListExtensions = 0xa0

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
