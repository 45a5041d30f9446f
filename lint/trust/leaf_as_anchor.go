package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var leafAsAnchor = &lint.Rule{
	ID:    "trust/leaf-as-anchor",
	Title: "An end-entity certificate stands among the trust anchors",
	Why: "A certificate of a server among the CAs does nothing: OpenSSL does not end a chain at it, the issuer behind it stays refused. " +
		"A self-signed one is accepted as itself, so that whoever holds its key is trusted and no CA can revoke it. `arcctl deploy ca-cert` installs either without a word.",
	Source:   "arc-behaviour D5; arc-checks b6",
	Facts:    []string{"D5"},
	Severity: lint.Warning,
	Recipe:   "remove-anchor",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, c := range allAnchors(s) {
			if !isLeaf(c) {
				continue
			}
			effect := "OpenSSL does not end a chain at it, so it has no effect"
			if selfIssued(c) {
				effect = "whoever holds its key is trusted, and nobody can revoke it"
			}
			r.Path(c.File.Path, "%s is an end-entity certificate, want its root CA, or the file removed: %s", c.SubjectName, effect).
				About(c.SubjectName).With("path", c.File.Path)
		}
	},
}
