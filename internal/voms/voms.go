// Package voms reads the attribute certificates (RFC 5755) that VOMS servers sign and
// proxies carry, and says which .lsc file admits their signer. It knows no site: who
// asks says which file stands where, and verifies the signer's own chain.
package voms

import (
	"crypto/x509"
	"math/big"
	"time"

	"arclint/internal/gridsec"
)

// Extension is the OID of the extension of a proxy that holds attribute certificates.
const Extension = "1.3.6.1.4.1.8005.100.100.5"

// Tolerance is how long before and after its validity ARC counts an attribute
// certificate all the same (arc-behaviour V4).
const Tolerance = 5 * time.Minute

// The most that is read of one certificate. TLS takes a chain of 100 kB at most.
const (
	maxCertificates = 64
	maxSigners      = 16
	maxFQANs        = 1000
)

// Certificate is an attribute certificate.
type Certificate struct {
	In    *gridsec.Certificate // of the chain, which carries it
	Place int                  // among those in it, from 0

	URI       string // "dune://voms.example.org:15000"
	VO, Host  string // of the URI; "" where ARC finds none in it
	FQANs     []string
	Holder    string // one-line name of whose certificate it was made for
	Serial    *big.Int
	Issuer    string // one-line name of the server that signed it, as it says
	NotBefore time.Time
	NotAfter  time.Time
	Targets   bool     // it is for some hosts only, at which ARC does not look
	Critical  []string // OIDs of critical extensions, but for that of targets
	Unmarked  bool     // it lacks noRevAvail or authorityKeyIdentifier, which ARC wants
	Signers   []*gridsec.Certificate
	Odd       string                  // what it has that arclint does not judge; "": nothing
	Algorithm x509.SignatureAlgorithm // 0: one that arclint does not check
	Named     []byte                  // the same as an AlgorithmIdentifier
	Signed    []byte                  // what the signature is about
	Signature []byte
}

// Attributes are its FQANs with the VO that vouches for them, "dune:/dune/Role=pilot",
// as access reads them. One without FQANs still gives its VO.
func (c *Certificate) Attributes() []string {
	if len(c.FQANs) == 0 {
		return []string{c.VO + ":/"}
	}
	all := make([]string, len(c.FQANs))
	for i, fqan := range c.FQANs {
		if fqan == "" || fqan[0] != '/' {
			fqan = "/" + fqan // as good with it as without (arc-behaviour V6)
		}
		all[i] = c.VO + ":" + fqan
	}
	return all
}

// Untimely says whether it has expired or is not valid yet, with ARC's tolerance.
func (c *Certificate) Untimely(now time.Time) bool {
	return !now.Add(Tolerance).After(c.NotBefore) || !c.NotAfter.After(now.Add(-Tolerance))
}
