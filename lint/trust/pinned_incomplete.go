package trust

import (
	"strings"

	"arclint/internal/site"
	"arclint/lint"
)

var pinnedIncomplete = &lint.Rule{
	ID:    "trust/pinned-incomplete",
	Title: "ARC does not use the pinned keys of a token issuer",
	Why: "ARC 7 reads controldir/tokenissuers/NAME at start: the files issuer, metadata and keys must exist and not be empty, and metadata must be JSON. " +
		"issuer must equal the claim of the tokens byte for byte, so that a newline at its end makes it another issuer. Otherwise the keys are fetched as if nothing were pinned, and where the CA is missing every token is refused.",
	Source:   "arc-behaviour G1, G2; S72 src/services/a-rex/arex.cpp:988-1021",
	Facts:    []string{"G1", "G2"},
	Severity: lint.Error,
	Since:    "7.0.0",
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, p := range s.Pinned {
			if p.Err != nil {
				r.Path(p.Dir, "ARC does not read this pinned issuer (%v), want issuer, metadata (JSON) and keys, none empty: its keys are fetched as if nothing were pinned",
					strings.ReplaceAll(p.Err.Error(), "\n", "; ")).About(p.Dir).With("issuer", strings.TrimSpace(p.Issuer))
				continue
			}
			if trimmed := strings.TrimSpace(p.Issuer); trimmed != p.Issuer {
				r.Path(p.Source.Path, "the issuer is %q with a blank or newline, want %q to the byte: ARC takes it for another issuer", p.Issuer, trimmed).
					About(p.Dir).With("issuer", trimmed)
			}
		}
	},
}
