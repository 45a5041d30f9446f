package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fatih/color"

	"arclint/internal/prose"
	"arclint/internal/site"
	"arclint/lint"
)

// closing is what was not looked at, and the summary.
func (t Text) closing(b *strings.Builder, s *site.Site, res lint.Result) {
	if items := notChecked(s, res); len(items) > 0 {
		b.WriteString(t.paint(color.Bold, "Not checked:") + "\n")
		for _, item := range items {
			t.fold(b, "  ", append([]string{"-"}, item...))
		}
		b.WriteByte('\n')
	}
	for _, guess := range s.Guesses() {
		t.fold(b, "", append([]string{"Guessed:"}, prose.Words(prose.Safe(guess))...))
	}
	if len(s.Guesses()) > 0 {
		b.WriteByte('\n')
	}
	t.areas(b, res.Findings)
	t.fold(b, "", prose.Words(t.counts(res)))
	t.impacts(b, res.Findings)
	t.fold(b, "", prose.Words(t.judged(s)))
}

// notChecked are the reasons for which something was not looked at, each with the rules
// that could not look, and the paths that could not be read; as words to fold.
func notChecked(s *site.Site, res lint.Result) [][]string {
	var reasons []string
	rules := map[string][]string{}
	for _, sk := range lint.ListedSkips(res.Skips) {
		if rules[sk.Reason] == nil {
			reasons = append(reasons, sk.Reason)
		}
		if !slices.Contains(rules[sk.Reason], sk.Rule) {
			rules[sk.Reason] = append(rules[sk.Reason], sk.Rule)
		}
	}
	var items [][]string
	for _, reason := range reasons {
		items = append(items, append(prose.Words(prose.Safe(reason)), "["+ruleList(rules[reason])+"]"))
	}
	for _, p := range listedProblems(s) {
		items = append(items, append([]string{prose.Safe(p.Path) + ":"}, prose.Words(prose.Safe(p.Reason))...))
	}
	return items
}

// ruleList names a few rules, and how many more there are.
func ruleList(rules []string) string {
	const few = 2
	if len(rules) <= few+1 {
		return strings.Join(rules, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(rules[:few], ", "), len(rules)-few)
}

// maxProblems bounds the list of what was not read: an archive may hold any number
// of names.
const maxProblems = 1000

func listedProblems(s *site.Site) []site.Problem {
	n := len(s.Problems) - maxProblems
	if n <= 0 {
		return s.Problems
	}
	return append(slices.Clone(s.Problems[:maxProblems]), site.Problem{
		Path: s.Problems[maxProblems].Path, Reason: "left out of this list: " + prose.Plural(n, "more path") + ", from this on",
	})
}

// areas writes a line for each area that has findings, where there are several.
func (t Text) areas(b *strings.Builder, findings []lint.Finding) {
	counts := map[string]*lint.Result{}
	var names []string
	for _, f := range findings {
		area, _, _ := strings.Cut(f.Rule, "/")
		if counts[area] == nil {
			counts[area] = &lint.Result{}
			names = append(names, area)
		}
		counts[area].Findings = append(counts[area].Findings, f)
	}
	if len(names) < 2 {
		return
	}
	slices.SortFunc(names, cmp.Compare[string])
	for _, name := range names {
		var parts []string
		for _, severity := range []lint.Severity{lint.Error, lint.Warning, lint.Note} {
			if n := counts[name].Count(severity); n > 0 {
				parts = append(parts, prose.Plural(n, string(severity)))
			}
		}
		fmt.Fprintf(b, "%-6s %s\n", name, strings.Join(parts, ", "))
	}
}

// impacts writes how many findings let somebody in, keep somebody out, or do neither,
// and how grave the intrusions are.
func (t Text) impacts(b *strings.Builder, findings []lint.Finding) {
	byImpact, byRisk := map[lint.Impact]int{}, map[lint.Risk]int{}
	for _, f := range findings {
		byImpact[f.Impact]++
		byRisk[f.Risk]++
	}
	var parts []string
	for _, impact := range lint.Impacts() {
		if n := byImpact[impact]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, impact))
		}
		if impact == lint.Intrusion && byImpact[impact] > 0 {
			parts[0] += " (" + risks(byRisk) + ")"
		}
	}
	if len(parts) > 0 {
		t.fold(b, "", prose.Words("impact: "+strings.Join(parts, ", ")))
	}
}

// risks counts intrusions by their risk, the gravest first.
func risks(by map[lint.Risk]int) string {
	var parts []string
	for _, risk := range lint.Risks() {
		if n := by[risk]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, risk))
		}
	}
	return strings.Join(parts, ", ")
}

// counts says how many findings of each severity there are, and what is not shown.
func (t Text) counts(res lint.Result) string {
	line := fmt.Sprintf("%s, %s, %s", prose.Plural(res.Count(lint.Error), "error"), prose.Plural(res.Count(lint.Warning), "warning"), prose.Plural(res.Count(lint.Note), "note"))
	if len(res.Findings) == 0 {
		line = "no findings"
	}
	line = t.paint(color.Bold, line)
	if n := len(res.Suppressed); n > 0 {
		line += fmt.Sprintf("; %s suppressed by the site", prose.Plural(n, "finding"))
		if !t.Suppressed {
			line += ", --show-suppressed shows them"
		}
	}
	if res.Unlisted > 0 {
		line += fmt.Sprintf("; %s of less severity not listed", prose.Plural(res.Unlisted, "finding"))
	}
	if n := len(res.Skips); n > 0 {
		line += fmt.Sprintf("; %s not made", prose.Plural(n, "check"))
	}
	return line
}

// judged says by which release and by which data a site was judged.
func (t Text) judged(s *site.Site) string {
	line := fmt.Sprintf("Judged as ARC %s, %s", s.Release.Measured, prose.Safe(s.Release.Explain()))
	if s.Target != nil {
		line += "; before an upgrade to ARC " + s.Target.Release.Version
	}
	line += "."
	if t.Data != "" {
		line += " Data in arclint: " + t.Data + "."
	}
	return line
}
