package trust

import (
	"time"

	"arclint/internal/site"
	"arclint/internal/verify"
	"arclint/lint"
)

// keyLife is the recommended life of an issuer's key (WLCG common JWT profile
// 1.3, section 4.3.1: six months).
const keyLife = 183 * 24 * time.Hour

var pinnedStale = &lint.Rule{
	ID:    "trust/pinned-stale",
	Title: "Pinned keys of a token issuer are not refreshed",
	Why: "Pinned keys never expire: a key that the issuer withdrew is trusted until the files are gone and the service is restarted. " +
		"When the issuer rotates to a new key, tokens with it are refused where the CE trusts no CA of the issuer, and otherwise the fetch replaces the pinned keys. " +
		"`arcctl deploy jwt-issuer` fetches once and leaves no refresh; the recipe pin-issuer installs a timer.",
	Source:   "arc-behaviour G3, S12; arc-checks b6; WLCG common JWT profile 1.3 section 4.3.1",
	Facts:    []string{"S12", "G3", "G4"},
	Severity: lint.Warning,
	Since:    "7.0.0",
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, p := range s.Pinned {
			if p.Err != nil || s.PinnedRefreshed {
				continue
			}
			age := s.Now.Sub(p.Modified)
			f := r.Path(p.Keys.Path, "keys of %s were fetched on %s and nothing refreshes them, want a timer that does: after a rotation %s, and a withdrawn key stays trusted",
				p.Issuer, p.Modified.UTC().Format(day), rotation(s, p.Issuer)).About(p.Issuer).With("issuer", p.Issuer)
			if age < keyLife {
				f.As(lint.Note)
			}
		}
	},
}

// rotation says what happens when the issuer signs with a new key.
func rotation(s *site.Site, issuer string) string {
	for _, it := range verify.Trust(s) {
		if it.Issuer == issuer && it.ImpersonationBy == verify.ByNobody {
			return "its new tokens are refused"
		}
	}
	return "a token with the new key makes ARC fetch, which fails or replaces these keys"
}
