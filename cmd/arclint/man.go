package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/report/manpage"
)

func manCommand() *cli.Command {
	return &cli.Command{
		Name:        "man",
		Usage:       "print the manual page",
		Description: "   arclint man | man -l -\n   arclint man > /usr/local/share/man/man1/arclint.1",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return manpage.Write(c.App.Writer, manual(c.App))
		},
	}
}

// manual is what the helps say, in one page.
func manual(app *cli.App) manpage.Page {
	page := manpage.Page{Name: app.Name, Version: app.Version, Summary: app.Usage, Description: app.Description, Sections: []manpage.Section{
		{Title: "EXIT STATUS", Text: "0: nothing was found at or above --fail-on, or the question was answered.\n\n1: findings.\n\n2: wrong use.\n\n3: the site could not be read."},
		{Title: "ENVIRONMENT", Text: "NO_COLOR: where it is set, nothing is coloured."},
	}}
	for _, command := range app.Commands {
		if command.Hidden {
			continue
		}
		about := manpage.Command{Synopsis: command.UsageText, Summary: command.Usage, Description: command.Description}
		for _, f := range command.Flags {
			if text, ok := f.(cli.DocGenerationFlag); ok && f.Names()[0] != "help" {
				about.Flags = append(about.Flags, flagOf(text, f.Names()[0]))
			}
		}
		page.Commands = append(page.Commands, about)
	}
	return page
}

// flagOf is a flag with the name of its value, which stands in backquotes in its
// usage, and its default.
func flagOf(f cli.DocGenerationFlag, name string) manpage.Flag {
	usage := f.GetUsage()
	out := manpage.Flag{Name: "--" + name, Usage: usage}
	if before, rest, ok := strings.Cut(usage, "`"); ok && f.TakesValue() {
		value, after, _ := strings.Cut(rest, "`")
		out.Name += " " + value
		out.Usage = before + value + after
	}
	if value := f.GetValue(); f.TakesValue() && value != "" {
		out.Usage += fmt.Sprintf(" (default: %s)", value)
	}
	return out
}
