// Command arclint reads an ARC CE's configuration and trust directories, says
// what the CE trusts and what is unsafe, and hands over the fix.
package main

import (
	"errors"
	"io"
	"os"

	"arclint/internal/release"
	"arclint/internal/report"
	"arclint/internal/sandbox"
)

// The exit codes of the machine contract.
const (
	exitClean      = 0 // nothing at or above --fail-on
	exitFindings   = 1
	exitUsage      = 2
	exitUnreadable = 3 // the site could not be read, or the answer not be written
)

func main() {
	tuneMemory()
	os.Exit(program{known: release.Default(), confine: sandbox.Enter}.run(os.Args, os.Stdout, os.Stderr))
}

// program is arclint: the releases that it knows, and what confines its process
// while it reads a site, nil where the process is not its own.
type program struct {
	known   release.Table
	confine func(dirs ...string) sandbox.Held
}

// run is the whole program, its streams from outside. It gives the exit code.
func (p program) run(args []string, stdout, stderr io.Writer) int {
	out := answerOn(stdout)
	app := newApp(out, stderr, p.known)
	if p.confine != nil {
		app.Metadata[confineKey] = p.confine
	}
	args, whole := wholeHelp(args)
	if !whole {
		briefly(app)
	}
	err := out.complete(app.Run(flagsFirst(app, args)))
	if err == nil {
		return exitClean
	}
	exit := exitError{code: exitUsage, err: err}
	errors.As(err, &exit)
	if exit.err != nil {
		report.Error(stderr, exit.err)
	}
	return exit.code
}
