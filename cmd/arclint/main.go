// Command arclint reads an ARC CE's configuration and trust directories, says
// what the CE trusts and what is unsafe, and hands over the fix.
package main

import (
	"errors"
	"io"
	"os"

	"arclint/internal/release"
	"arclint/internal/report"
)

// The exit codes of the machine contract.
const (
	exitClean      = 0 // nothing at or above --fail-on
	exitFindings   = 1
	exitUsage      = 2
	exitUnreadable = 3 // the site could not be read, or the answer not be written
)

func main() {
	fewCollections()
	os.Exit(run(os.Args, os.Stdout, os.Stderr))
}

// run is the whole program, its streams from outside. It gives the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	return runKnowing(release.Default(), args, stdout, stderr)
}

// runKnowing is run with other releases than those that were measured.
func runKnowing(known release.Table, args []string, stdout, stderr io.Writer) int {
	out := answerOn(stdout)
	err := out.complete(newApp(out, stderr, known).Run(args))
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
