package main

import (
	"io"
	"runtime/debug"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/issuers"
	"arclint/internal/release"
	"arclint/internal/report"
)

// version is set by the linker (see Makefile); a build by `go install` takes
// it from the module.
var version string

// maker is what a report in JSON names as its maker.
func maker() report.Program {
	d := issuers.Data()
	return report.Program{Version: versionText(), Issuers: d.Issuers, VOMS: d.VOMS, IGTF: d.IGTF}
}

func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}

// knownKey is where an App keeps the table of releases.
const knownKey = "releases"

// releasesOf is the table of releases by which a command judges.
func releasesOf(c *cli.Context) release.Table {
	known, _ := c.App.Metadata[knownKey].(release.Table)
	return known
}

func newApp(stdout, stderr io.Writer, known release.Table) *cli.App {
	app := &cli.App{
		Name:    "arclint",
		Usage:   "says what an ARC CE trusts, what is unsafe, and how to repair it",
		Version: versionText(),
		Description: "arclint reads arc.conf and /etc/grid-security and tells what a real ARC CE of that release\n" +
			"does with them. It writes to a site only in fmt --write, which replaces the file that you name,\n" +
			"and opens network connections only in probe, which asks the issuers that you name, and in\n" +
			"negtest --ce, which asks your CE.\n\n" +
			"   arclint check                                 check this CE\n" +
			"   arclint check --root ./ce --fail-on warning   check a copy of a CE in CI\n" +
			"   arclint trust                                 who may sign tokens, who could pose as them\n" +
			"   arclint expiry                                what ends when, and who is shut out then\n" +
			"   arclint access                                who gets in, as which account, the widest way in first\n" +
			"   arclint whoami --token token.jwt              what becomes of this client, rule by rule\n" +
			"   arclint recipe trust/issuer-ca-missing        a script that repairs it\n" +
			"   arclint check --example dune                  try it without a CE",
		Writer:          stdout,
		ErrWriter:       stderr,
		HideHelpCommand: true,
		Flags:           []cli.Flag{cli.HelpFlag}, // the library adds it only where it adds its own help command
		Metadata:        map[string]any{knownKey: known},
		ExitErrHandler:  func(*cli.Context, error) {},
		OnUsageError:    badFlag,
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return unknown("command", name, commandNames(c.App), "`arclint --help` lists them")
			}
			return cli.ShowAppHelp(c)
		},
		Commands: []*cli.Command{
			checkCommand(known), trustCommand(), expiryCommand(), verifyCommand(), recipeCommand(known),
			probeCommand(), whoamiCommand(), accessCommand(), negtestCommand(), fmtCommand(), diffCommand(),
			rulesCommand(), releasesCommand(), explainCommand(), completionCommand(), manCommand(), helpCommand(), versionCommand(), completeCommand(),
		},
	}
	for _, command := range app.Commands {
		command.HideHelpCommand = true // `arclint check help` has an argument too many
		command.OnUsageError = badFlag
		command.Before = soundFlags
		command.UsageText = strings.TrimSpace("arclint " + command.Name + " [flags] " + command.ArgsUsage)
	}
	return app
}

func commandNames(app *cli.App) []string {
	var names []string
	for _, command := range app.Commands {
		if !command.Hidden {
			names = append(names, command.Name)
		}
	}
	return names
}
