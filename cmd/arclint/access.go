package main

import (
	"github.com/urfave/cli/v2"

	"arclint/internal/admission"
	"arclint/internal/report/doors"
)

func accessCommand() *cli.Command {
	return &cli.Command{
		Name:  "access",
		Usage: "show who gets in: for each issuer, group and interface, who may submit, read and cancel, as which account",
		Description: "Works out every rule of every authgroup: whom it admits, what they may do, and as which account,\n" +
			"the widest way in first. Each comes with the lines that allow it and with a request that gets in,\n" +
			"which arclint whoami goes through step by step.\n\n" +
			"   arclint access\n" +
			"   arclint access --format markdown --root ./ce > who-gets-in.md\n" +
			"   arclint access --format json --example dune\n\n" +
			"Exit: 0, 2 usage, 3 the site could not be read.",
		Flags: siteFlags(formatFlag("text", "json", "markdown")),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			format, err := formatOf(c, "text", "json", "markdown")
			if err != nil {
				return err
			}
			s, err := openSite(c)
			if err != nil {
				return err
			}
			who := admission.Doors(s)
			if who.Stopped == "" { // else it says so itself, and that nobody gets in
				who.NoStart = noStart(s)
			}
			switch format {
			case "json":
				return doors.AccessJSON(c.App.Writer, who)
			case "markdown":
				return doors.AccessMarkdown(c.App.Writer, s, who)
			}
			return doors.AccessText(c.App.Writer, s, who)
		},
	}
}
