package main

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

// version is set by the linker (see Makefile); a build by `go install` takes
// it from the module.
var version string

func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}

// exitError ends the program with a code; err is printed where it is set.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e exitError) Unwrap() error { return e.err }

func usageError(format string, args ...any) error {
	return exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

func newApp(stdout, stderr io.Writer) *cli.App {
	return &cli.App{
		Name:    "arclint",
		Usage:   "says what an ARC CE trusts, what is unsafe, and how to repair it",
		Version: versionText(),
		Description: "arclint reads arc.conf and /etc/grid-security and tells what a real ARC CE of that release\n" +
			"does with them. It never writes to a site and opens no network connection, except in\n" +
			"probe, which asks the issuers that you name.\n\n" +
			"   arclint check                             check this CE\n" +
			"   arclint check --root ./ce --fail-on warning   check a copy of a CE in CI\n" +
			"   arclint trust                             who may sign tokens, who could pose as them\n" +
			"   arclint recipe trust/issuer-ca-missing    a script that repairs it\n" +
			"   arclint check --example dune              try it without a CE",
		Writer:                 stdout,
		ErrWriter:              stderr,
		HideHelpCommand:        true,
		UseShortOptionHandling: true,
		ExitErrHandler:         func(*cli.Context, error) {},
		OnUsageError:           func(_ *cli.Context, err error, _ bool) error { return usageError("%w; see `arclint --help`", err) },
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return usageError("there is no command %q; see `arclint --help`", name)
			}
			return cli.ShowAppHelp(c)
		},
		Commands: []*cli.Command{
			checkCommand(), trustCommand(), verifyCommand(), recipeCommand(),
			probeCommand(), rulesCommand(), explainCommand(),
		},
	}
}
