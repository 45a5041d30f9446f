package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"arclint/internal/conffmt"
	"arclint/internal/report"
	"arclint/internal/rootfs"
	"arclint/internal/source"
)

func fmtCommand() *cli.Command {
	return &cli.Command{
		Name:      "fmt",
		Usage:     "put an arc.conf into one form, in which ARC reads the same",
		ArgsUsage: "FILE | -",
		Description: "Prints the file, or standard input for -, with the blocks in ARC's order, name=value without\n" +
			"blanks and one empty line between blocks. Blocks of one kind and options keep their order, for it\n" +
			"counts; comments move with what stands below them; no value changes. A file of which ARC does not\n" +
			"read every line as it looks is refused, and the message names the first such line.\n\n" +
			"   arclint fmt /etc/arc.conf                  print it, change nothing\n" +
			"   arclint fmt --check /etc/arc.conf          the difference; for CI and commit hooks\n" +
			"   arclint fmt --write /etc/arc.conf          replace the file whole, with its mode and owner\n" +
			"   arclint fmt - < arc.conf > new.conf\n" +
			"   arclint fmt --check /etc/arc.conf.d/10-queues.conf\n\n" +
			"Exit: 0, with --check 1 if the file is not formatted, 2 usage, 3 the file could not be read or\n" +
			"written, or is refused.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "print what would change, and exit 1 if anything would"},
			&cli.BoolFlag{Name: "write", Usage: "write the file in place; symbolic links are not followed"},
		},
		Action: formatConf,
	}
}

func formatConf(c *cli.Context) error {
	if err := flagsFirst(c); err != nil {
		return err
	}
	name := c.Args().First()
	switch {
	case c.NArg() != 1:
		return usageError("fmt takes one file, such as /etc/arc.conf, or - for standard input")
	case c.Bool("check") && c.Bool("write"):
		return usageError("--check and --write exclude each other")
	case c.Bool("write") && name == "-":
		return usageError("--write needs a file, not standard input")
	}
	shown, data, err := readConf(c, name)
	if err != nil {
		return exitError{code: exitUnreadable, err: fmt.Errorf("%s: %w", shown, reason(err))}
	}
	formatted, err := conffmt.Format(source.New(shown, data))
	if err != nil {
		return exitError{code: exitUnreadable, err: err}
	}
	switch {
	case c.Bool("check"):
		return checkFormat(c, shown, data, formatted)
	case c.Bool("write"):
		return writeFormat(name, data, formatted)
	}
	_, err = c.App.Writer.Write(formatted)
	return err
}

// checkFormat shows what would change.
func checkFormat(c *cli.Context, name string, data, formatted []byte) error {
	if bytes.Equal(data, formatted) {
		return nil
	}
	if err := report.Unformatted(c.App.Writer, name, data, formatted); err != nil {
		return err
	}
	return exitError{code: exitFindings}
}

// writeFormat leaves a file that is formatted already alone.
func writeFormat(name string, data, formatted []byte) error {
	if bytes.Equal(data, formatted) {
		return nil
	}
	if err := conffmt.Replace(name, data, formatted); err != nil {
		return exitError{code: exitUnreadable, err: fmt.Errorf("--write %s: %w", name, reason(err))}
	}
	return nil
}

const maxConf = 1 << 20 // bytes, as check reads at most

// readConf reads a file of this machine, or standard input, and says how
// messages call it.
func readConf(c *cli.Context, name string) (shown string, data []byte, err error) {
	if name == "-" {
		data, err = io.ReadAll(io.LimitReader(c.App.Reader, maxConf+1))
		if err == nil && len(data) > maxConf {
			err = fmt.Errorf("has more than %d bytes, want an arc.conf", maxConf)
		}
		return "standard input", data, err
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return name, nil, err
	}
	tree, err := rootfs.Dir("/")
	if err != nil {
		return name, nil, err
	}
	defer func() { err = errors.Join(err, tree.Close()) }()
	data, _, err = rootfs.Read(tree, path, maxConf)
	return name, data, err
}
