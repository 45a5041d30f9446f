package openssl_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"

	"arclint/fixtures/pki"
)

// revoke puts CRLs into the directory.
func (r *random) revoke(cas []*pki.Entity, leaf *pki.Entity) {
	numbers := map[string]int{}
	for _, ca := range cas {
		count := r.IntN(4) / 2
		if r.theme == lists {
			count = r.IntN(4)
		}
		for range count {
			s := r.list(leaf)
			if r.in(lists, 10) {
				s.Subject = pick(r, cas...).Spec.Subject
			}
			crl, err := pki.MakeCRL(ca, s)
			if err != nil {
				r.t.Fatal(err)
			}
			name := fmt.Sprintf("%s.r%d", crl.Hash(), numbers[crl.Hash()])
			numbers[crl.Hash()]++
			fmt.Fprintf(&r.log, "  CRL %s of %s %+v\n", name, ca.DN(), s)
			r.file(name, crl.PEM())
		}
	}
}

// list is a CRL that mostly counts.
func (r *random) list(leaf *pki.Entity) pki.CRLSpec {
	var s pki.CRLSpec
	if r.one(3) {
		s.Revoked = []*big.Int{certificates(r.t, []*pki.Entity{leaf})[0].SerialNumber}
	}
	switch r.IntN(9) {
	case 0:
		s.ThisUpdate, s.NextUpdate = pki.Now.AddDate(0, -2, 0), pki.Now.Add(-time.Duration(r.IntN(2))*time.Hour)
	case 1:
		s.ThisUpdate = pki.Now.Add(time.Duration(r.IntN(2)) * time.Hour)
	case 2:
		s.WrongSignature = true
	case 3:
		s.ThisUpdate = pki.Now.Add(-time.Duration(r.IntN(4)) * time.Hour) // newer than others
	case 4:
		s.NoAKI, s.NoNextUpdate = true, true
	case 5:
		s.V1 = true
	case 6:
		s.NoNumber = true
	}
	if r.in(lists, 2) {
		s.Extensions = append(s.Extensions, r.issuingPoint())
	}
	if r.in(lists, 8) {
		s.Extensions = append(s.Extensions, pick(r, oddListExtensions()...))
	}
	if r.in(lists, 8) {
		s.EntryExtensions = append(s.EntryExtensions, pick(r, oddEntryExtensions()...))
	}
	return s
}

var pointURLs = []string{"http://ca.example.org/crl", "http://ca.example.org/crl", "http://other.example.org/crl"}

// pointName is a DistributionPointName: mostly a URL, else a directory name, a
// name relative to the issuer's, or none at all.
func (r *random) pointName() (name asn1.RawValue, ok bool) {
	var full []asn1.RawValue
	switch r.IntN(8) {
	case 0:
		return name, false
	case 1:
		rdn := pki.New(pki.Spec{Subject: "/" + pick(r, "CN=crl", "CN=CRL", "CN=other"), Key: "p256-1"}).Subject()
		var set []asn1.RawValue
		if _, err := asn1.Unmarshal(rdn, &set); err != nil {
			r.t.Fatal(err)
		}
		return choice(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 1, IsCompound: true, Bytes: set[0].Bytes}), true
	case 2:
		full = append(full, rawName(nameTags["DN"], nameDER(pick(r, r.name("CN=Root/CN=crl"), r.name("CN=ROOT/CN=CRL"), r.name("CN=CA 0/CN=crl")))))
	case 3:
		// an empty list of names
	default:
		full = append(full, rawName(nameTags["URI"], pick(r, pointURLs...)))
		if r.one(3) {
			full = append(full, rawName(nameTags["URI"], pick(r, pointURLs...)))
		}
	}
	var content []byte
	for _, n := range full {
		content = append(content, marshal(n)...)
	}
	return choice(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: content}), true
}

// choice wraps a DistributionPointName in the [0] of its field.
func choice(name asn1.RawValue) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: marshal(name)}
}

// reasons is a BIT STRING of ReasonFlags with an implicit tag.
func (r *random) reasons(tag int) asn1.RawValue {
	bits := pick(r, []byte{0}, []byte{1, 0x7e}, []byte{0, 0xfe}, []byte{1, 0x02}, []byte{7, 0xff, 0x80}, []byte{7, 0x7f, 0x80}, []byte{7, 0x00, 0x80})
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, Bytes: bits}
}

func flag1(tag int) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, Bytes: []byte{0xff}}
}

func sequenceOf(fields ...asn1.RawValue) []byte {
	var content []byte
	for _, f := range fields {
		content = append(content, marshal(f)...)
	}
	return marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: content})
}

// issuingPoint is the extension of a CRL (RFC 5280 section 5.2.5).
func (r *random) issuingPoint() pkix.Extension {
	var fields []asn1.RawValue
	if name, ok := r.pointName(); ok && !r.one(3) {
		fields = append(fields, name)
	}
	for _, tag := range []int{1, 2} {
		if r.one(6) {
			fields = append(fields, flag1(tag))
		}
	}
	if r.one(10) {
		fields = append(fields, r.reasons(3))
	}
	for _, tag := range []int{4, 5} {
		if r.one(16) {
			fields = append(fields, flag1(tag))
		}
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 28}, Critical: r.one(2), Value: sequenceOf(fields...)}
}

// distributionPoints is the extension of a certificate (RFC 5280 section 4.2.1.13).
func (r *random) distributionPoints(issuer *pki.Entity) pkix.Extension {
	var points []asn1.RawValue
	for range 1 + r.IntN(3) {
		var fields []asn1.RawValue
		if name, ok := r.pointName(); ok {
			fields = append(fields, name)
		}
		if r.one(3) {
			fields = append(fields, r.reasons(1))
		}
		if r.one(4) {
			var names []byte
			for range r.IntN(3) {
				names = append(names, marshal(pick(r,
					rawName(nameTags["DN"], string(issuer.Subject())), rawName(nameTags["DN"], nameDER(r.name("CN=Root"))),
					rawName(nameTags["DN"], nameDER("/CN=Nobody")), rawName(nameTags["DNS"], "example.org")))...)
			}
			fields = append(fields, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 2, IsCompound: true, Bytes: names})
		}
		points = append(points, asn1.RawValue{FullBytes: sequenceOf(fields...)})
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 31}, Value: sequenceOf(points...)}
}
