package catalog_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/golden"
	"arclint/lint"
	"arclint/lint/catalog"
)

// checkImpact holds an impact, and the risk of an intrusion, to their words.
func checkImpact(t *testing.T, of string, impact lint.Impact, risk lint.Risk) {
	t.Helper()
	switch {
	case !slices.Contains(lint.Impacts(), impact):
		t.Errorf("%s has the impact %q, not one of %q", of, impact, lint.Impacts())
	case impact == lint.Intrusion && !slices.Contains(lint.Risks(), risk):
		t.Errorf("%s is an intrusion with the risk %q, not one of %q", of, risk, lint.Risks())
	case impact != lint.Intrusion && risk != "":
		t.Errorf("%s has the impact %s, and the risk %q of an intrusion", of, impact, risk)
	}
}

// TestImpact: every rule has an impact. checkForm asks it of every finding of the fixtures.
func TestImpact(t *testing.T) {
	for _, r := range catalog.All() {
		checkImpact(t, r.ID, r.Impact, r.Risk)
	}
}

// checkImpactOf: what stops the service, or keeps it from serving anybody, is more than
// hygiene.
func checkImpactOf(t *testing.T, where string, f lint.Finding) {
	t.Helper()
	checkImpact(t, where+": "+f.Headline, f.Impact, f.Risk)
	if (f.Stops || f.Unserved) && f.Impact == lint.Hygiene {
		t.Errorf("%s: nobody is served, and it is called hygiene: %s", where, f.Headline)
	}
}

const impactPage = "../../docs/impact.md"

// TestImpactPage: the table of docs/impact.md is that of the rules.
func TestImpactPage(t *testing.T) {
	page, err := os.ReadFile(impactPage)
	if err != nil {
		t.Fatal(err)
	}
	const mark = "## The rules\n"
	prose, _, ok := strings.Cut(string(page), mark)
	if !ok {
		t.Fatalf("%s has no %q", impactPage, mark)
	}
	golden.Check(t, impactPage, prose+mark+impactTable())
}

func impactTable() string {
	var b strings.Builder
	b.WriteString("\nMade by `make docs`. A finding may say otherwise than its rule.\n\n" +
		"| impact | risk | rule |\n| --- | --- | --- |\n")
	for _, impact := range lint.Impacts() {
		for _, risk := range append(lint.Risks(), "") {
			for _, r := range catalog.All() {
				if r.Impact == impact && r.Risk == risk {
					fmt.Fprintf(&b, "| %s | %s | [%s](rules.md#%s) |\n", impact, risk, r.ID, strings.ReplaceAll(r.ID, "/", ""))
				}
			}
		}
	}
	return b.String()
}
