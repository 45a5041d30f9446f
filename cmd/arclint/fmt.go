package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/arcconf"
	"arclint/internal/arcref"
	"arclint/internal/conffmt"
	"arclint/internal/prose"
	"arclint/internal/report"
	"arclint/internal/rootfs"
	"arclint/internal/source"
)

func fmtCommand() *cli.Command {
	return &cli.Command{
		Name:      "fmt",
		Usage:     "put an arc.conf into one form, in which ARC reads the same",
		ArgsUsage: "FILE... | -",
		Description: "Prints the file, or standard input for -, with the blocks in ARC's order, name=value without\n" +
			"blanks and one empty line between blocks. Blocks of one kind and options keep their order, for it\n" +
			"counts; comments move with what stands below them; no value changes. A file is refused, with the\n" +
			"line named, if ARC does not read every line as it looks, or ARC 6 minds the order of its blocks.\n\n" +
			"   arclint fmt /etc/arc.conf                  print it, change nothing\n" +
			"   arclint fmt --check /etc/arc.conf          the difference; for CI and commit hooks\n" +
			"   arclint fmt --write /etc/arc.conf          replace the file; keep its mode and owner\n" +
			"   arclint fmt - < arc.conf > new.conf\n" +
			"   arclint fmt --show-secrets /etc/arc.conf > new.conf\n" +
			"   arclint fmt --check /etc/arc.conf.d/*.conf\n\n" +
			"Passwords and tokens are shown as *** on a terminal and in the difference, and --write keeps them. A\n" +
			"file that holds one is printed into a pipe or a file only with --show-secrets: with *** in their\n" +
			"place, it would be none that ARC can use.\n\n" +
			"Exit: 0, with --check 1 if the file is not formatted, 2 usage, 3 the file could not be read or\n" +
			"written, or is refused.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "print what would change, and exit 1 if anything would"},
			&cli.BoolFlag{Name: "write", Usage: "write the file in place; symbolic links are not followed"},
			&cli.BoolFlag{Name: "show-secrets", Usage: "print passwords and tokens as they are"},
		},
		Action: formatConf,
	}
}

func formatConf(c *cli.Context) error {
	names := c.Args().Slice()
	switch {
	case len(names) == 0 || len(names) > 1 && slices.Contains(names, "-"):
		return usageError("fmt takes files, such as /etc/arc.conf, or - for standard input")
	case len(names) > 1 && !c.Bool("check") && !c.Bool("write"):
		return usageError("fmt prints one file; for several, give --check or --write")
	case c.Bool("check") && c.Bool("write"):
		return usageError("--check and --write exclude each other")
	case c.Bool("write") && c.Bool("show-secrets"):
		return usageError("--show-secrets is of no use with --write, which shows nothing and keeps secrets: leave it out")
	case c.Bool("write") && names[0] == "-":
		return usageError("--write needs a file, not standard input")
	}
	return formatAll(c, names)
}

// formatAll goes on behind a file that is refused: every reason is told, and the exit
// code is that of the worst.
func formatAll(c *cli.Context, names []string) error {
	code := exitClean
	for _, name := range names {
		err := formatOne(c, name)
		if err == nil {
			continue
		}
		failed := exitError{code: exitUnreadable, err: err}
		if errors.As(err, &failed); failed.err != nil {
			report.Error(c.App.ErrWriter, failed.err)
		}
		code = max(code, failed.code)
	}
	if code == exitClean {
		return nil
	}
	return exitError{code: code}
}

func formatOne(c *cli.Context, name string) error {
	f, err := readConf(c, name)
	if err != nil {
		return err
	}
	text, err := conffmt.Format(source.New(f.Path, f.Real()), inConfD(name))
	if err != nil {
		return exitError{code: exitUnreadable, err: err}
	}
	formatted := shown(c, f.Path, text)
	switch {
	case c.Bool("check"):
		return checkFormat(c, f, formatted)
	case c.Bool("write"):
		return writeFormat(f, text)
	}
	return printFormat(c, formatted)
}

// shown is a text of arc.conf as this command may show it.
func shown(c *cli.Context, path string, text []byte) *source.File {
	if c.Bool("show-secrets") {
		return source.New(path, text)
	}
	return arcconf.Hide(path, text, arcref.Secret)
}

// printFormat writes the formatted file. Without its secrets, it is for the eyes
// only: where it may become a file, it is refused.
func printFormat(c *cli.Context, formatted *source.File) error {
	lines := formatted.HiddenLines()
	if len(lines) > 0 {
		if !onTerminal(c) {
			return exitError{code: exitUnreadable, err: fmt.Errorf("%s: holds a secret, in line %d of the formatted file, and is not printed: "+
				"--write formats it in place and keeps the secret, --show-secrets prints it", formatted.Path, lines[0])}
		}
		// Where this cannot be written, the answer matters more.
		_, _ = fmt.Fprintf(c.App.ErrWriter, "arclint: secrets are shown as asterisks (%s); --write keeps them\n", prose.Plural(len(lines), "line"))
	}
	_, err := c.App.Writer.Write(formatted.Data)
	return err
}

// checkFormat shows what would change.
func checkFormat(c *cli.Context, f, formatted *source.File) error {
	if bytes.Equal(f.Real(), formatted.Real()) {
		return nil
	}
	if err := report.Unformatted(c.App.Writer, f, formatted); err != nil {
		return err
	}
	return exitError{code: exitFindings}
}

// writeFormat leaves a file that is formatted already alone.
func writeFormat(f *source.File, text []byte) error {
	if bytes.Equal(f.Real(), text) {
		return nil
	}
	if err := conffmt.Replace(f.Path, f.Real(), text); err != nil {
		return exitError{code: exitUnreadable, err: fmt.Errorf("--write %s: %w", f.Path, reason(err))}
	}
	return nil
}

const maxConf = 1 << 20 // bytes, as check reads at most

// readConf reads a file of this machine, or standard input.
func readConf(c *cli.Context, name string) (*source.File, error) {
	data, err := confBytes(c, name)
	if err != nil {
		return nil, err
	}
	if name == "-" {
		name = "standard input"
	}
	return shown(c, name, data), nil
}

// confBytes is what stands in a file of this machine, or comes by standard input.
func confBytes(c *cli.Context, name string) ([]byte, error) {
	read := readFile
	if name == "-" {
		name = "standard input"
		read = func(string) ([]byte, error) { return readInput(c.App.Reader) }
	}
	data, err := read(name)
	if err != nil {
		return nil, exitError{code: exitUnreadable, err: fmt.Errorf("%s: %w", name, reason(err))}
	}
	return data, nil
}

func readInput(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxConf+1))
	if err == nil && len(data) > maxConf {
		err = fmt.Errorf("has more than %d bytes, want an arc.conf", maxConf)
	}
	return data, err
}

func readFile(name string) ([]byte, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	tree, err := rootfs.Dir("/")
	if err != nil {
		return nil, err
	}
	data, _, err := rootfs.Read(tree, path, maxConf)
	return data, errors.Join(err, tree.Close())
}

// inConfD says whether a file is one of an arc.conf.d, by its directory.
func inConfD(name string) bool {
	path, err := filepath.Abs(name)
	return err == nil && slices.ContainsFunc(strings.Split(filepath.Dir(path), "/"), func(dir string) bool { return strings.HasSuffix(dir, ".conf.d") })
}
