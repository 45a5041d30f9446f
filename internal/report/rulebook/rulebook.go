// Package rulebook writes the rules and the measured facts that they stand on:
// as text, as JSON, and as the page docs/rules.md.
package rulebook

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"arclint/internal/facts"
	"arclint/internal/report"
	"arclint/lint"
)

type ruleJSON struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Why      string   `json:"why"`
	Source   string   `json:"source"`
	Facts    []string `json:"facts"`
	Severity string   `json:"severity"`
	Impact   string   `json:"impact"`
	Risk     string   `json:"risk"` // of an intrusion
	Since    string   `json:"since"`
	Until    string   `json:"until"`
	Upgrade  bool     `json:"upgrade,omitempty"` // runs only with --target
	Recipe   string   `json:"recipe"`
	ByHand   string   `json:"by_hand,omitempty"` // paragraphs, and lines to write indented by four spaces
}

// JSON writes the rules as an object with a version and an array.
func JSON(w io.Writer, rules []*lint.Rule) error {
	out := struct {
		Version int        `json:"version"`
		Rules   []ruleJSON `json:"rules"`
	}{Version: 1, Rules: []ruleJSON{}}
	for _, r := range rules {
		since, until := r.Range()
		out.Rules = append(out.Rules, ruleJSON{
			ID: r.ID, Title: r.Title, Why: r.Why, Source: r.Source, Facts: report.OrEmpty(r.Facts),
			Severity: string(r.Severity), Impact: string(r.Impact), Risk: string(r.Risk), Since: since, Until: until, Upgrade: r.Upgrade, Recipe: r.Recipe, ByHand: r.ByHand,
		})
	}
	return report.JSON(w, out)
}

// Text writes a line a rule.
func Text(w io.Writer, rules []*lint.Rule) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, r := range rules {
		fmt.Fprintf(tw, "%s\t%s\t%s\n", r.ID, r.Severity, r.Title)
	}
	return tw.Flush()
}

// Markdown writes the page docs/rules.md.
func Markdown(w io.Writer, rules []*lint.Rule) error {
	var b strings.Builder
	b.WriteString("# Rules\n\nThis page is the output of `arclint rules --format markdown`; `make docs` writes it.\n\n")
	b.WriteString("**error**: the service fails, someone gets in who should not, or someone is kept out who should get in. " +
		"**warning**: works today, will not tomorrow, or widens trust. **note**: advice. Beside it is the [impact](impact.md).\n\n" +
		"## Suppression\n\nA comment line of arc.conf that starts at column 1, `# arclint:ignore ID reason`, hides the findings of one rule: " +
		"on the next option; above a header, in its block; above the first block and apart from it by a blank line, in the whole site. " +
		"The reason is required, and a directive that hides nothing is reported (conf/suppression).\n\n")
	for i, r := range rules {
		area, _, _ := strings.Cut(r.ID, "/")
		if i == 0 || !strings.HasPrefix(rules[i-1].ID, area+"/") {
			fmt.Fprintf(&b, "## %s\n\n", area)
		}
		b.WriteString("### " + r.ID + "\n\n" + body(r, "#### "))
	}
	_, err := io.WriteString(w, facts.Linked(strings.TrimRight(b.String(), "\n"))+"\n")
	return err
}

// RuleMarkdown writes one rule as a page of its own.
func RuleMarkdown(w io.Writer, r *lint.Rule) error {
	_, err := io.WriteString(w, strings.TrimRight("# "+r.ID+"\n\n"+body(r, "## "), "\n")+"\n")
	return err
}

// body is what stands below the heading of a rule.
func body(r *lint.Rule, mark string) string {
	return fmt.Sprintf("%s (%s%s).\n\n%s\n\n- Source: %s\n- Impact: %s\n- Repair: %s\n\n%s",
		r.Title, r.Severity, releases(r), r.Why, r.Source, impact(r), repair(r), byHand(mark, r, "", "\n\n"))
}

// impact is the impact of a rule, with the risk of an intrusion.
func impact(r *lint.Rule) string {
	if r.Risk == "" {
		return string(r.Impact)
	}
	return fmt.Sprintf("%s of %s risk", r.Impact, r.Risk)
}

func releases(r *lint.Rule) string {
	since, until := r.Range()
	switch {
	case r.Upgrade:
		return ", only with --target"
	case since != "" && until != "":
		return fmt.Sprintf(", ARC %s to before %s", since, until)
	case since != "":
		return ", since ARC " + since
	case until != "":
		return ", before ARC " + until
	}
	return ""
}

// byHand is the way to repair it by hand below a heading, "" where a recipe is
// the only way.
func byHand(mark string, r *lint.Rule, colon, end string) string {
	heading := "Repair by hand"
	switch {
	case r.ByHand == "":
		return ""
	case r.Recipe != lint.Manual:
		heading += " what no recipe is offered for"
	}
	return mark + heading + colon + "\n\n" + r.ByHand + end
}

func repair(r *lint.Rule) string {
	if r.Recipe == lint.Manual {
		return "by hand"
	}
	return "recipe " + r.Recipe + ", where check prints the command"
}
