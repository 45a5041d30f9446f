package trust

import (
	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/site"
)

// profileOf gives the OpenSSL that the release was measured with: Debian's of
// the same suite. Some of it is a matter of the patch release (arc-behaviour D3),
// and each ARC release is judged by the one that it was measured with.
func profileOf(r site.Release) openssl.Profile {
	p, _ := openssl.ProfileOf(r.OpenSSL) // a test holds that each is known
	return p
}

// SignedList says whether the OpenSSL of this site finds that the key of the CA signed
// the CRL; doubt is why that cannot be told, else "". Releases differ: 3.0.20 does not
// look whether the two names of the algorithm are the same.
func SignedList(s *site.Site, list *gridsec.CRL, ca *gridsec.Certificate) (signed bool, doubt string) {
	return profileOf(s.Release).SignedList(list, ca)
}
