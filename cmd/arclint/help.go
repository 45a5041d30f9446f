package main

import "github.com/urfave/cli/v2"

func helpCommand() *cli.Command {
	return &cli.Command{
		Name:      "help",
		Usage:     "show this help, or that of a command",
		ArgsUsage: "[COMMAND]",
		Action: func(c *cli.Context) error {
			switch name := c.Args().First(); {
			case c.NArg() > 1:
				return usageError("help takes one command, and has %q and %q", name, c.Args().Get(1))
			case name == "":
				return cli.ShowAppHelp(c.Lineage()[1])
			case c.App.Command(name) == nil:
				return unknown("command", name, commandNames(c.App), "`arclint help` lists them")
			default:
				return cli.ShowCommandHelp(c.Lineage()[1], name)
			}
		},
	}
}

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			cli.ShowVersion(c)
			return nil
		},
	}
}
