package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/facts"
	"arclint/internal/report/rulebook"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

func explainCommand() *cli.Command {
	return &cli.Command{
		Name:        "explain",
		Usage:       "explain a rule (why it matters, what proves it, what repairs it) or print a measured fact",
		ArgsUsage:   "ID",
		Description: "   arclint explain trust/issuer-ca-missing\n   arclint explain issuer-ca-missing --format markdown\n   arclint explain S9",
		Flags:       []cli.Flag{formatFlag("text", "json", "markdown")},
		Action:      explain,
	}
}

// explain takes the ID of a rule, and that of a fact as sources cite it:
// "arc-behaviour S9" or S9 alone.
func explain(c *cli.Context) error {
	format, err := formatOf(c, "text", "json", "markdown")
	if err != nil {
		return err
	}
	id := strings.TrimSpace(strings.Join(c.Args().Slice(), " "))
	if facts.IsCheck(id) {
		return usageError("%q has no text of its own: it cites ARC's own checks (arc-config-check, arcctl), read from their sources", id)
	}
	if id, ok := facts.IDOf(id); ok {
		fact, ok := facts.Find(id)
		if !ok {
			return usageError("there is no fact %q; there are %s", id, facts.Ranges(id))
		}
		return explainFact(c, format, fact)
	}
	if c.NArg() != 1 {
		return usageError("explain takes one ID, of a rule (`arclint rules` lists them) or of a measured fact such as S9")
	}
	if r, ok := recipes.Find(id); ok {
		return usageError("%s is a recipe, to %s; `arclint recipe --format text %s` shows what it would do here", id, r.Title, id)
	}
	rule, err := findRule(id)
	if err != nil {
		return err
	}
	switch format {
	case "json":
		return rulebook.JSON(c.App.Writer, []*lint.Rule{rule})
	case "markdown":
		return rulebook.RuleMarkdown(c.App.Writer, rule)
	}
	return rulebook.Rule(c.App.Writer, rule)
}

func explainFact(c *cli.Context, format string, fact facts.Fact) error {
	switch format {
	case "json":
		return rulebook.FactJSON(c.App.Writer, fact, catalog.All())
	case "markdown":
		return rulebook.FactMarkdown(c.App.Writer, fact, catalog.All())
	}
	return rulebook.Fact(c.App.Writer, fact, catalog.All())
}

// findRule takes the ID of a rule, or its name without the area where no other rule
// has that name.
func findRule(id string) (*lint.Rule, error) {
	var ids []string
	var short []*lint.Rule
	for _, rule := range catalog.All() {
		if rule.ID == id {
			return rule, nil
		}
		if _, name, _ := strings.Cut(rule.ID, "/"); name == id {
			short = append(short, rule)
		}
		ids = append(ids, rule.ID)
	}
	switch len(short) {
	case 0:
		return nil, unknown("rule", id, ids, "`arclint rules` lists them")
	case 1:
		return short[0], nil
	}
	return nil, usageError("%q is the name of several rules: %s, %s; write one of them", id, short[0].ID, short[1].ID)
}
