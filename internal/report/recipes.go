package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"arclint/internal/trust"
	"arclint/lint"
	"arclint/recipes"
)

// RecipeList writes a line a recipe.
func RecipeList(w io.Writer, list []recipes.Recipe) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, r := range list {
		fmt.Fprintf(tw, "%s\t%s\n", r.ID, r.Title)
	}
	return tw.Flush()
}

// Proof is what check and trust say of a site before and after a recipe.
type Proof struct {
	Before, After           recipes.Result
	TrustBefore, TrustAfter []trust.IssuerTrust
}

// Proof writes what check and trust say before and after a recipe, and what of
// its effect files cannot show.
func (t Text) Proof(plan recipes.Plan, proof Proof) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", plan.Recipe, Safe(plan.Title))
	gone, left, fresh := compare(proof.Before.Findings, proof.After.Findings)
	t.section(&b, "repaired", gone)
	t.section(&b, "still there", left)
	t.section(&b, "new", fresh)
	for _, u := range proof.After.Unproven {
		fmt.Fprintf(&b, "%s\n", Safe(u))
	}
	b.WriteString("\ntrust before\n")
	trustTable(&b, proof.TrustBefore)
	b.WriteString("\ntrust after\n")
	trustTable(&b, proof.TrustAfter)
	_, err := io.WriteString(t.W, b.String())
	return err
}

func (t Text) section(b *strings.Builder, title string, found []lint.Finding) {
	fmt.Fprintf(b, "%s: %d\n", title, len(found))
	for _, f := range found {
		fmt.Fprintf(b, "  %s: %s: %s [%s]\n", place(f.Path, f.Span), t.paint(severityColour(f.Severity), string(f.Severity)), Safe(f.Message), f.Rule)
	}
}

// compare sorts findings by their fingerprints into those that went, those that
// stayed and those that came.
func compare(before, after []lint.Finding) (gone, left, fresh []lint.Finding) {
	was, is := map[string]bool{}, map[string]bool{}
	for _, f := range before {
		was[f.Fingerprint()] = true
	}
	for _, f := range after {
		is[f.Fingerprint()] = true
		if was[f.Fingerprint()] {
			left = append(left, f)
		} else {
			fresh = append(fresh, f)
		}
	}
	for _, f := range before {
		if !is[f.Fingerprint()] {
			gone = append(gone, f)
		}
	}
	return gone, left, fresh
}
