package main

import (
	"github.com/urfave/cli/v2"

	"arclint/internal/report/rulebook"
	"arclint/lint/catalog"
)

func rulesCommand() *cli.Command {
	return &cli.Command{
		Name:        "rules",
		Usage:       "list every rule",
		Description: "   arclint rules\n   arclint rules --format json\n   arclint rules --format markdown > docs/rules.md",
		Flags:       []cli.Flag{formatFlag("text", "json", "markdown")},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			format, err := formatOf(c, "text", "json", "markdown")
			if err != nil {
				return err
			}
			switch format {
			case "json":
				return rulebook.JSON(c.App.Writer, catalog.All())
			case "markdown":
				return rulebook.Markdown(c.App.Writer, catalog.All())
			}
			return rulebook.Text(c.App.Writer, catalog.All())
		},
	}
}
