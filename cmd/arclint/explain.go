package main

import (
	"github.com/urfave/cli/v2"

	"arclint/internal/report"
	"arclint/lint"
	"arclint/lint/catalog"
)

func explainCommand() *cli.Command {
	return &cli.Command{
		Name:        "explain",
		Usage:       "explain a rule: why it matters, what proves it, what repairs it",
		ArgsUsage:   "ID",
		Description: "   arclint explain trust/issuer-ca-missing",
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usageError("explain takes one rule ID; `arclint rules` lists them")
			}
			rule, err := findRule(c.Args().First())
			if err != nil {
				return err
			}
			return report.Explain(c.App.Writer, rule)
		},
	}
}

func findRule(id string) (*lint.Rule, error) {
	var ids []string
	for _, rule := range catalog.All() {
		if rule.ID == id {
			return rule, nil
		}
		ids = append(ids, rule.ID)
	}
	return nil, unknown("rule", id, ids, "`arclint rules` lists them")
}
