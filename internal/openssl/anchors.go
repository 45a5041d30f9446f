package openssl

import (
	"time"

	"arclint/internal/gridsec"
)

// Anchors gives the certificates under which a chain for the purpose can be
// accepted at that time: those that OpenSSL finds, in the order of the
// directories, each once. A self-signed end-entity certificate is none.
func (e *Engine) Anchors(p Purpose, now time.Time) []*gridsec.Certificate {
	var list []*gridsec.Certificate
	c := e.Store.open(e.Profile)
	seen := map[string]bool{}
	for _, f := range e.Store.all(e.Profile) {
		if seen[f.subject] {
			continue
		}
		seen[f.subject] = true
		for _, found := range c.certificates(f.subject, f.Hash) {
			if e.canAnchor(found, p, now.Truncate(time.Second)) {
				list = append(list, found.Certificate)
			}
		}
	}
	return list
}

// canAnchor makes of a certificate alone the checks that verify makes of the
// last one of a path.
func (e *Engine) canAnchor(f *facts, p Purpose, now time.Time) bool {
	return f.trust(p, true) == trusted &&
		!f.critical && f.ca() != notCA &&
		(f.trust(p, false) == trusted || f.allows(p, true)) &&
		securityBits(f.key) >= levelBits(e.Profile.Level) &&
		(validAt(f, now) || !f.selfSigned)
}
