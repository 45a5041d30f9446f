package trust

import (
	"time"

	"arclint/internal/site"
	"arclint/lint"
)

// keyLife is the recommended life of an issuer's key (WLCG common JWT profile
// 1.3, section 4.3.1: six months).
const keyLife = 183 * 24 * time.Hour

var pinnedStale = &lint.Rule{
	ID:    "trust/pinned-stale",
	Title: "Pinned keys of a token issuer are not refreshed",
	Why: "Pinned keys never expire: a key that the issuer withdrew is trusted until the files are gone and the service is restarted. " +
		"When the issuer rotates to a new key, a token with it makes ARC fetch the keys. Where the CE trusts no CA of the issuer, the fetch fails, and tokens with the new key are refused. " +
		"Otherwise the fetch replaces the pinned keys. " +
		"`arcctl deploy jwt-issuer` fetches once and leaves no refresh; the recipe pin-issuer installs a timer.",
	Source:   "arc-behaviour G3, G4, S12, I5; arc-checks b6; WLCG common JWT profile 1.3 section 4.3.1",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"S12", "G3", "G4"},
	Severity: lint.Warning,
	Action:   "Install a timer that refreshes them.",
	Where:    func(r site.Release) bool { return r.PinnedIssuers },
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, p := range s.Pinned {
			if p.Err != nil || p.Odd != "" || p.Refreshed {
				continue
			}
			f := r.Path(p.Keys.Path, "nothing here refreshes the pinned keys of %s", p.Issuer).
				Means("They were fetched on %s. A key that the issuer withdraws stays trusted. "+
					"Tokens with a new key make ARC fetch the keys, which fails or replaces these.", p.Modified.UTC().Format(day)).
				About(p.Issuer).With("issuer", p.Issuer)
			if s.Now.Sub(p.Modified) < keyLife {
				f.As(lint.Note)
			}
		}
	},
}
