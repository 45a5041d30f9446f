package openssl

import (
	"crypto/x509"
	"strconv"
	"strings"

	"arclint/internal/certificate"
	"arclint/internal/gridsec"
)

// Profile is how one version of OpenSSL behaves where versions differ.
type Profile struct {
	OpenSSL string // "3.0"
	Level   int    // security level; Debian and RHEL build with 2

	// SkipsUnreadable: an entry HASH.N that cannot be read does not hide
	// HASH.N+1 (arc-behaviour D3).
	SkipsUnreadable bool
	// SkipsDeltas: a delta CRL is not taken for a CRL of its own.
	SkipsDeltas bool
	// CountsWholeFiles: where not one file HASH.N of a directory could be read to
	// its end, what stood before the broken block is not used for this look
	// (by_dir.c of 3.2 and later, until SkipsUnreadable came).
	CountsWholeFiles bool
	// SkipsSelfSigned: no CRL is looked for where the end-entity certificate is
	// self-signed (check_cert_crl of 3.6).
	SkipsSelfSigned bool
	// ParsesURLs: the host in a URI is found as in a URL, and not by cutting at the
	// next colon or slash (nc_uri of v3_ncons.c).
	ParsesURLs bool
	// RefusesSHA1: no signature with SHA-1 is accepted, whatever the level, as RHEL 9
	// patches it (rh-allow-sha1-signatures).
	RefusesSHA1 bool
	// SHA1Unseen is a path that would tell whether it is so, and that could not be
	// read; "" where it is known.
	SHA1Unseen string
	// RefusesEmptyPoint: a CRL whose issuingDistributionPoint says nothing does not
	// count.
	RefusesEmptyPoint bool
	// KnowsECDSAWithSHA3: that kind of signature is known.
	KnowsECDSAWithSHA3 bool
	// ComparesListAlgorithms: a CRL whose signature is named twice and not alike is
	// badly signed (X509_CRL_verify).
	ComparesListAlgorithms bool
	// RefusesShortTimes: a certificate with a time that is shorter than one with
	// seconds and a zone is not read at all. Others cannot compare it.
	RefusesShortTimes bool
}

// ProfileOf gives the profile of a release of OpenSSL ("3.0.20"), as Debian and
// RHEL build it; ok is false where the differences of its series are not known.
//
// Measured with `openssl verify` of 3.0.19, 3.0.22, 3.5.7, 3.5.9, 3.6.3 and 3.6.5.
// SkipsUnreadable, SkipsDeltas and ComparesListAlgorithms came to each series with a patch release, and
// CountsWholeFiles went: of those between two that were measured it is not known.
func ProfileOf(version string) (p Profile, ok bool) {
	series, patch := version, 0
	if i := strings.LastIndexByte(version, '.'); strings.Count(version, ".") == 2 {
		series = version[:i]
		patch, _ = strconv.Atoi(version[i+1:]) // "3.6.0-beta1" is before every patch
	}
	var patched int // the first one measured so
	switch p = (Profile{OpenSSL: series, Level: 2}); series {
	case "3.0":
		patched = 22
	case "3.5":
		patched = 9
		p.ParsesURLs, p.RefusesEmptyPoint, p.RefusesShortTimes, p.KnowsECDSAWithSHA3 = true, true, true, true
	case "3.6":
		patched = 5
		p.ParsesURLs, p.RefusesEmptyPoint, p.SkipsSelfSigned, p.RefusesShortTimes, p.KnowsECDSAWithSHA3 = true, true, true, true, true
	default:
		return Profile{}, false
	}
	p.SkipsUnreadable, p.SkipsDeltas, p.ComparesListAlgorithms = patch >= patched, patch >= patched, patch >= patched
	p.CountsWholeFiles = series != "3.0" && patch < patched
	return p, true
}

// scheme is that of an algorithm, without a Kind where this OpenSSL knows none.
func (p Profile) scheme(a certificate.Algorithm) certificate.Scheme {
	s := certificate.SchemeOf(a)
	if s.IsECDSAWithSHA3() && !p.KnowsECDSAWithSHA3 {
		return certificate.Scheme{Name: s.Name}
	}
	return s
}

// Reads says whether this OpenSSL reads the certificate; gridsec has those that any
// version reads.
func (p Profile) Reads(c *gridsec.Certificate) bool {
	return !p.RefusesShortTimes || !certificate.HasShortTime(c.Certificate)
}

// ReadsList says the same of a CRL.
func (p Profile) ReadsList(c *gridsec.CRL) bool {
	return !p.RefusesShortTimes || !certificate.HasShortListTime(c.RevocationList)
}

// refusesSHA1 is why a signature with that algorithm does not count, nil where it
// may.
func (p Profile) refusesSHA1(a x509.SignatureAlgorithm, whose string, reason Reason, path string) *Refusal {
	if !gridsec.WithSHA1(a) {
		return nil
	}
	if !p.RefusesSHA1 && p.SHA1Unseen == "" {
		return nil
	}
	return &Refusal{
		Reason: reason, Text: whose + " is signed with SHA-1, which the crypto policy of this host refuses",
		Source: "crypto-policies(7)", Path: path, Unseen: p.SHA1Unseen,
	}
}
