package main

import (
	"github.com/urfave/cli/v2"

	"arclint/internal/report/releases"
)

func releasesCommand() *cli.Command {
	return &cli.Command{
		Name:        "releases",
		Usage:       "say what each ARC release does, and what changes with an upgrade",
		Description: "   arclint releases\n   arclint releases --format json\n   arclint releases --format markdown > docs/releases.md",
		Flags:       []cli.Flag{formatFlag("text", "json", "markdown")},
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			format, err := formatOf(c, "text", "json", "markdown")
			if err != nil {
				return err
			}
			write := releases.Text
			switch format {
			case "json":
				write = releases.JSON
			case "markdown":
				write = releases.Markdown
			}
			return write(c.App.Writer, releasesOf(c))
		},
	}
}
