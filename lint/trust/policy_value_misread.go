package trust

import (
	"slices"
	"strings"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var policyValueMisread = &lint.Rule{
	ID:    "trust/policy-value-misread",
	Title: "ARC takes the value of x509_cert_policy for another than it says",
	Why: "ARC 7.0.0 compares the value with grid alone and takes every other for system: any, Grid, a value with a comment, an empty one. " +
		"Then neither client certificates nor issuers are looked up among the grid CAs. ARC 7.2.0 knows grid, any, system and their .nofile and .onlyfile forms to the letter, and takes everything else for system.",
	Source:   "arc-behaviour C9, C3; S72 src/services/a-rex/arc-arex-ws-start.in:218-240",
	Facts:    []string{"C9", "C3"},
	Severity: lint.Error,
	Where:    func(r site.Release) bool { return r.CertPolicy.Known() },
	Recipe:   "restore-policy-grid",
	Check: func(s *site.Site, r *lint.Reporter) {
		value, at, ok := policyOption(s)
		if !ok || slices.Contains(s.Release.CertPolicy.Values(), value) {
			return
		}
		effect := "client certificates of grid CAs are refused"
		if s.Release.CertPolicy.OthersAreSystem() {
			effect += ", and so are tokens of issuers under them"
		}
		f := r.At(at, "ARC %s takes %q for system, want exactly grid: %s", s.Release.Measured, value, effect).About("x509_cert_policy")
		if word, _, _ := strings.Cut(value, " "); strings.EqualFold(word, "grid") {
			f.Fix(source.Edit{Span: at, New: "grid"}).Offer("edit-arc-conf", "restore-policy-grid")
		}
	},
}
