package authz

import (
	"fmt"

	"arclint/internal/gridsec"
	"arclint/internal/issuers"
	"arclint/internal/site"
)

// publicClientCAs are the public CAs among the CAs of client certificates that
// the IGTF does not hold: a lookup by hash must reach them, and on 6.x no
// signing policy may stand beside them.
func publicClientCAs(s *site.Site) []*gridsec.Certificate {
	var found []*gridsec.Certificate
	for _, dir := range s.ClientDirs {
		for _, file := range dir.Files {
			for _, c := range file.Certificates {
				root, public := issuers.FindPublicRoot(c.KeySHA256())
				if !public || root.IGTF {
					continue
				}
				reached := dir.Lookup(fmt.Sprintf("%08x.0", c.Hash)) != nil
				policed := s.Release.SigningPolicies && dir.Lookup(fmt.Sprintf("%08x.signing_policy", c.Hash)) != nil
				if reached && !policed {
					found = append(found, c)
				}
			}
		}
	}
	return found
}
