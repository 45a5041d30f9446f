package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/arcref"
)

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

// unknown says that nothing of that kind goes by the name, and which of the
// known names was probably meant.
func unknown(kind, name string, known []string, where string) error {
	if near, ok := arcref.Suggest(name, known); ok {
		return usageError("there is no %s %q; did you mean %s?", kind, name, near)
	}
	return usageError("there is no %s %q; %s", kind, name, where)
}

// badFlag reports a flag that is unknown or lacks its value. It goes where
// errors go, and not, as the library would have it, with the help into the
// file that a recipe is written to.
func badFlag(c *cli.Context, err error, _ bool) error {
	help := "`arclint " + c.Command.Name + " --help` lists them"
	if c.Command.Name == c.App.Name {
		help = "flags stand behind the command: arclint check --root ..."
	}
	_, flag, undefined := strings.Cut(err.Error(), "flag provided but not defined: -")
	if !undefined {
		return usageError("%w; %s", err, help)
	}
	var names []string
	for _, f := range c.Command.Flags {
		names = append(names, "--"+f.Names()[0])
	}
	return unknown("flag", "--"+flag, names, help)
}
