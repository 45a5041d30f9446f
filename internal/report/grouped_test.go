package report

import (
	"fmt"
	"io"
	"testing"

	"arclint/fixtures/golden"
	"arclint/lint"
	"arclint/recipes"
)

// TestGrouped: what means the same and asks for the same is said once, with its
// places; with --verbose each is whole. A line is as wide as the terminal.
func TestGrouped(t *testing.T) {
	res := lint.Result{}
	add := func(rule, path, effect string) {
		res.Findings = append(res.Findings, lint.Finding{
			Rule: rule, Severity: lint.Warning, Path: path, Headline: "the CRL of /DC=org/DC=example/CN=Example Grid CA expires in 26 hours",
			Effect: effect, Action: "Renew the CRLs, and find out why fetch-crl has not done so in the last days.",
			List: []string{"fetch-crl.timer", "/etc/cron.d/fetch-crl"},
		})
	}
	add("trust/crl-ending", "/etc/grid-security/certificates/5c278efe.r0", "Every certificate of this CA is refused then.")
	res.Findings[0].Headline = "the CRL of /DC=org/DC=example/CN=Another CA expires in 2 hours"
	for i := range 9 {
		add("trust/crl-ending", fmt.Sprintf("/etc/grid-security/certificates/%08x.r0", i), "Every certificate of this CA is refused then.")
	}
	add("trust/crl-ending", "/etc/grid-security/certificates/other.r0", "The tokens of an issuer are refused then.")
	add("trust/other", "/etc/grid-security/certificates/00000000.r0", "Every certificate of this CA is refused then.")
	for name, text := range map[string]Text{"grouped": {}, "wide": {Width: 120}, "verbose": {Verbose: true}, "coloured": {Colour: true}} {
		golden.CheckWriter(t, "testdata/"+name+".txt", func(w io.Writer) error {
			text.W = w
			return text.Check(exampleSite(), recipes.Offered{Result: res})
		})
	}
}
