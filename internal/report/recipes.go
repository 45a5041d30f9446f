package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"arclint/internal/prose"
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
	Before, After           lint.Result
	TrustBefore, TrustAfter []trust.IssuerTrust
	Effect                  recipes.Effect
}

// Proof writes what check and trust say before and after a recipe, and what of
// its effect files cannot show.
func (t Text) Proof(plan recipes.Plan, proof Proof) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", plan.Recipe, prose.Safe(plan.Title))
	gone, left, fresh := compare(proof.Before.Findings, proof.After.Findings)
	gone, asked := ofUpgrade(plan, gone)
	stay := "still there"
	if waits := len(gone) == 0 && len(proof.Effect.Unproven) > 0; waits {
		stay = "there until the script has run on the CE"
	} else {
		t.section(&b, "repaired", gone)
	}
	if len(asked) > 0 {
		t.section(&b, "about the upgrade itself, not asked after it", asked)
	}
	t.section(&b, stay, left)
	t.section(&b, "new", fresh)
	whoGetsIn(&b, proof.Effect)
	t.unproven(&b, proof.Effect.Unproven)
	trustChange(&b, proof)
	_, err := io.WriteString(t.W, b.String())
	return err
}

// unproven says what a copy in memory cannot have, and when it is known.
func (t Text) unproven(b *strings.Builder, effects []string) {
	if len(effects) == 0 {
		return
	}
	b.WriteString("\nOnly the CE itself can show:\n")
	for _, effect := range effects {
		t.fold(b, "  ", append([]string{"-"}, prose.Words(prose.Safe(effect))...))
	}
	t.fold(b, "", prose.Words("Run `arclint check` there after the script: it says whether the findings that hang on it are gone."))
}

// trustChange writes the table of issuers before and after, once where it is the same.
func trustChange(b *strings.Builder, proof Proof) {
	var before, after strings.Builder
	trustTable(&before, proof.TrustBefore)
	trustTable(&after, proof.TrustAfter)
	if before.String() == after.String() {
		b.WriteString("\ntrust, as far as files show: unchanged\n" + before.String())
		return
	}
	b.WriteString("\ntrust before\n" + before.String() + "\ntrust after\n" + after.String())
}

// ofUpgrade parts the findings that compare two releases from the others. After a
// recipe that changes the release nothing asks for them, which repairs none.
func ofUpgrade(plan recipes.Plan, gone []lint.Finding) (others, compared []lint.Finding) {
	for _, f := range gone {
		if plan.Release != "" && strings.Contains(f.Rule, "/upgrade-") {
			compared = append(compared, f)
		} else {
			others = append(others, f)
		}
	}
	return others, compared
}

// whoGetsIn writes whose answer the recipe changes, with the accounts.
func whoGetsIn(b *strings.Builder, e recipes.Effect) {
	compared := prose.Plural(e.Who.Asked, "client") + " asked before and after"
	if e.Who.More {
		compared += ", and there are more ways in"
	}
	switch changes := e.Changes(); {
	case e.Who.Unknown != "":
		fmt.Fprintf(b, "who gets in: not compared: %s\n", prose.Safe(e.Who.Unknown))
	case len(changes) == 0:
		fmt.Fprintf(b, "who gets in: unchanged (%s)\n", compared)
	default:
		fmt.Fprintf(b, "who gets in: %s (%s)\n", prose.Plural(len(changes), "change"), compared)
		for _, line := range changes {
			fmt.Fprintf(b, "  %s\n", prose.Safe(line))
		}
	}
}

func (t Text) section(b *strings.Builder, title string, found []lint.Finding) {
	fmt.Fprintf(b, "%s: %d\n", title, len(found))
	for _, f := range found {
		fmt.Fprintf(b, "  %s: %s: %s [%s]\n", place(f.Path, f.Span), t.paint(severityColour(f.Severity), string(f.Severity)), prose.Safe(f.Headline), f.Rule)
	}
}

// compare sorts findings by their fingerprints into those that went, those that
// stayed and those that came. One that went from its place and says the same at
// another one in the file has moved with its line, and stayed.
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
		if is[f.Fingerprint()] {
			continue
		}
		same := func(other lint.Finding) bool {
			return other.Rule == f.Rule && other.Path == f.Path && other.Headline == f.Headline
		}
		if i := slices.IndexFunc(fresh, same); i >= 0 {
			left = append(left, fresh[i])
			fresh = slices.Delete(fresh, i, i+1)
			continue
		}
		gone = append(gone, f)
	}
	return gone, left, fresh
}
