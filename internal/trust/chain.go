package trust

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/site"
)

// Purpose is what a chain is for.
type Purpose string

// The purposes.
const (
	Issuer Purpose = "issuer" // the server certificate that the key fetch meets
	Client Purpose = "client" // the certificate of an incoming client
)

// openssl is what ARC tells OpenSSL of the purpose.
func (p Purpose) openssl() openssl.Purpose {
	if p == Client {
		return openssl.Client
	}
	return openssl.Server
}

// What the engine answers.
type (
	Verdict = openssl.Verdict
	Reason  = openssl.Reason
	Step    = openssl.Step
)

// SigningPolicy is the one reason that ARC adds to those of OpenSSL.
const SigningPolicy Reason = "signing-policy"

// Chain says what this CE does with a chain at the site's time: the end-entity
// certificate (or proxy) first, the others in any order.
func Chain(s *site.Site, p Purpose, chain []*gridsec.Certificate) Verdict {
	return For(s, p).Verify(chain, p.openssl(), s.Now)
}

// ChainUnder is Chain as if the certificates of one file were the only CAs of the
// CE, without signing policies.
func ChainUnder(s *site.Site, p Purpose, anchors *gridsec.File, chain []*gridsec.Certificate) Verdict {
	return For(s, p).Trusting(anchors).Verify(chain, p.openssl(), s.Now)
}

// Anchors gives the certificates under which this CE can accept a chain for the
// purpose at the site's time. They are worked out once for a site: do not change
// the list.
func Anchors(s *site.Site, p Purpose) []*gridsec.Certificate {
	return site.Once(s, anchorsKey(p), func() []*gridsec.Certificate { return For(s, p).Anchors(p.openssl(), s.Now) })
}

type anchorsKey Purpose

// StoreUnknown says whether the CE looks for the purpose in OpenSSL's default
// places, and this copy of the site has neither of them: which CAs count is not
// known then.
func StoreUnknown(s *site.Site, p Purpose) bool {
	in := clientPlaces(s)
	if p == Issuer {
		in = issuerPlaces(s)
	}
	if s.System == nil || in.file == nil && !slices.Contains(in.dirs, s.System.Dir) {
		return false
	}
	return s.Root != "/" && s.System.Missing()
}

// NotSeen is where the CE looks for CAs for the purpose and arclint did not: a directory
// that this copy of the site does not hold, or what could not be read. It is "" where
// all was seen.
func NotSeen(s *site.Site, p Purpose) string {
	in := clientPlaces(s)
	if p == Issuer {
		in = issuerPlaces(s)
	}
	for _, d := range in.dirs {
		if d != nil && d.Unseen() != "" {
			return d.Unseen()
		}
	}
	if unseen := For(s, p).Unseen; unseen != "" || !StoreUnknown(s, p) {
		return unseen
	}
	return "OpenSSL's default store"
}

// proxyCertInfo marks a proxy, RFC 3820 section 3.8.
const proxyCertInfo = "1.3.6.1.5.5.7.1.14"

// EndEntity is the certificate whose subject counts: that of the person, below
// which proxies may stand (arc-behaviour F2).
func EndEntity(chain []*gridsec.Certificate) *gridsec.Certificate {
	current := chain[0]
	for range chain {
		if !isProxy(current) {
			break
		}
		for _, c := range chain {
			if c.SubjectName == current.IssuerName {
				current = c
				break
			}
		}
	}
	return current
}

func isProxy(c *gridsec.Certificate) bool {
	for _, e := range c.Extensions {
		if e.Id.String() == proxyCertInfo {
			return true
		}
	}
	return false
}
