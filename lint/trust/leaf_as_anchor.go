package trust

import (
	"arclint/internal/site"
	"arclint/lint"
)

var leafAsAnchor = &lint.Rule{
	ID:    "trust/leaf-as-anchor",
	Title: "An end-entity certificate is among the trust anchors",
	Why: "A certificate of a server among the CAs does nothing: OpenSSL does not end a chain at it. The issuer behind it is still refused. " +
		"A self-signed one is accepted as itself: whoever holds its key is trusted, and no CA can revoke it. `arcctl deploy ca-cert` installs either without a word.",
	Source:   "arc-behaviour D5; arc-checks b6",
	Impact:   lint.Hygiene,
	Facts:    []string{"D5"},
	Severity: lint.Warning,
	Recipe:   "remove-anchor",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, c := range allAnchors(s) {
			if !isLeaf(c) {
				continue
			}
			f := r.Path(c.File.Path, "the certificate of %s is an end-entity certificate, not a CA", commonName(c.SubjectName)).
				Means("OpenSSL does not end a chain at it, so it has no effect.").Do("Install its root CA in its place, or remove the file.").
				About(c.SubjectName).With("path", c.File.Path)
			if selfIssued(c) {
				f.Means("Whoever holds its key is trusted, and nobody can revoke it.").Do("Install a CA in its place, or remove the file.").
					Impacts(lint.Intrusion, lint.Low)
			}
		}
	},
}
