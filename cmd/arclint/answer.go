package main

import (
	"fmt"
	"io"
	"os"

	"github.com/fatih/color"
	"github.com/urfave/cli/v2"

	"arclint/internal/report"
)

// answer is standard output. It keeps the first error of writing, so that none
// is lost on the way, not even that of a help page.
type answer struct {
	io.Writer
	err error
}

// Write implements io.Writer.
func (a *answer) Write(p []byte) (int, error) {
	n, err := a.Writer.Write(p)
	if a.err == nil {
		a.err = err
	}
	return n, err
}

// complete gives the error of the command, or that the answer was not written:
// half an answer must not look like one.
func (a *answer) complete(err error) error {
	if a.err == nil {
		return err
	}
	return exitError{code: exitUnreadable, err: fmt.Errorf("the answer is not complete: %w", a.err)}
}

// text writes for people, in colours where a person looks on: standard output
// is a terminal and NO_COLOR is not set.
func text(c *cli.Context) report.Text {
	out, ok := c.App.Writer.(*answer)
	return report.Text{W: c.App.Writer, Colour: ok && out.Writer == os.Stdout && !color.NoColor}
}
