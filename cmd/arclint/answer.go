package main

import (
	"fmt"
	"io"
	"os"

	"github.com/fatih/color"
	"github.com/mattn/go-isatty"
	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"

	"arclint/internal/issuers"
	"arclint/internal/report"
)

// answer is standard output. It keeps the first error of writing, so that none
// is lost on the way, not even that of a help page. On a terminal, it lets no
// byte of a site act there.
type answer struct {
	io.Writer
	guard *report.Guard // nil: not a terminal
	width int           // columns of the terminal; 0: not a terminal, or not known
	err   error
}

// answerOn writes to standard output.
func answerOn(stdout io.Writer) *answer {
	if f, ok := stdout.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		guard := report.NewGuard(stdout)
		return &answer{Writer: guard, guard: guard, width: terminalWidth(f)}
	}
	return &answer{Writer: stdout}
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
	if a.guard != nil && a.err == nil {
		a.err = a.guard.Flush()
	}
	if a.err == nil {
		return err
	}
	return exitError{code: exitUnreadable, err: fmt.Errorf("the answer is not complete: %w", a.err)}
}

// colours are the values of --color.
var colours = []string{"auto", "always", "never"}

// text writes for people, in colours where --color says so or, without a word, where
// a person looks on: standard output is a terminal and NO_COLOR is not set.
func text(c *cli.Context) report.Text {
	coloured := onTerminal(c) && !color.NoColor
	switch c.String("color") {
	case "always":
		coloured = true
	case "never":
		coloured = false
	}
	return report.Text{W: c.App.Writer, Colour: coloured, Width: columns(c), Verbose: c.Bool("verbose"), Data: issuers.Data().String()}
}

// columns are those of the terminal, 0 where standard output is none.
func columns(c *cli.Context) int {
	if out, ok := c.App.Writer.(*answer); ok {
		return out.width
	}
	return 0
}

// minColumns is the least width for which lines are folded: below it, a terminal has
// not told its size.
const minColumns = 40

func terminalWidth(f *os.File) int {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil || size.Col < minColumns {
		return 0
	}
	return int(size.Col)
}

// onTerminal says whether standard output is a terminal.
func onTerminal(c *cli.Context) bool {
	out, ok := c.App.Writer.(*answer)
	return ok && out.guard != nil
}
