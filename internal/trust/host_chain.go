package trust

import (
	"slices"

	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/site"
)

// HostChain is what the file of the host certificate holds, with the host
// certificate first, and the place at which that stands in the file: 0 where the
// file is in order. The list is empty where the file could not be read.
//
// The host certificate is the one to which the key belongs. Where the key tells
// nothing and the file begins with a CA, it is the first that is no CA.
func HostChain(s *site.Site) (chain []*gridsec.Certificate, place int) {
	if s.Host.CertErr != nil || s.Host.Cert == nil || len(s.Host.Cert.Certificates) == 0 {
		return nil, 0
	}
	list := s.Host.Cert.Certificates
	if key := s.Host.Key; key != nil && key.Of >= 0 {
		place = key.Of
	} else if list[0].IsCA {
		place = max(0, slices.IndexFunc(list, func(c *gridsec.Certificate) bool { return !c.IsCA }))
	}
	if place == 0 {
		return list, 0
	}
	return append([]*gridsec.Certificate{list[place]}, slices.Delete(slices.Clone(list), place, place+1)...), place
}

// Served is the chain that this CE sends to clients: that of its file or, where the
// file holds one certificate only, with what OpenSSL finds for it among the CAs for
// clients (ssl_add_cert_chain in OpenSSL's statem_lib.c; ARC does not forbid it).
func Served(s *site.Site) []*gridsec.Certificate {
	chain, _ := HostChain(s)
	if len(chain) != 1 {
		return chain
	}
	return For(s, Client).Verify(chain, openssl.Server, s.Now).Path
}
