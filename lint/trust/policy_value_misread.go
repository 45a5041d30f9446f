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
	Title: "ARC reads the value of x509_cert_policy as system",
	Why: "ARC 7.0.0 compares the value with grid alone and reads every other as system: any, Grid, a value with a comment, an empty one. " +
		"Then neither client certificates nor issuers are looked up among the grid CAs. ARC 7.2.0 knows grid, any, system and their .nofile and .onlyfile forms to the letter, and reads everything else as system.",
	Source:   "arc-behaviour C9, C3; S72 src/services/a-rex/arc-arex-ws-start.in:218-240",
	Impact:   lint.Outage,
	Facts:    []string{"C9", "C3"},
	Severity: lint.Error,
	Action:   "Write exactly x509_cert_policy=grid.",
	Where:    func(r site.Release) bool { return r.CertPolicy.Known() },
	Recipe:   "restore-policy-grid",
	Check: func(s *site.Site, r *lint.Reporter) {
		value, at, ok := policyOption(s)
		if !ok || slices.Contains(s.Release.CertPolicy.Values(), value) {
			return
		}
		effect := "Client certificates of grid CAs are refused."
		if s.Release.CertPolicy.OthersAreSystem() {
			effect = "Client certificates of grid CAs are refused, and so are tokens of issuers under them."
		}
		f := r.At(at, "ARC %s reads the x509_cert_policy %q as system", s.Release.Measured, value).Means("%s", effect).About("x509_cert_policy")
		if word, _, _ := strings.Cut(value, " "); strings.EqualFold(word, "grid") {
			f.Fix(source.Edit{Span: at, New: "grid"}).Offer("edit-arc-conf", "restore-policy-grid")
		}
	},
}
