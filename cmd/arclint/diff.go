package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/arcref"
	"arclint/internal/report/refdiff"
)

func diffCommand() *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "show what changed between two releases of arc.conf.reference",
		ArgsUsage: "OLD NEW",
		Description: "OLD and NEW are each a release that arclint knows (" + strings.Join(arcref.Known().Versions(), ", ") + ") or the path of an\n" +
			"arc.conf.reference (./7.2.0 for a file that is called so). Told are blocks and options\n" +
			"that came, went or moved, defaults, allowed values, and what may stand several times; for what\n" +
			"went, what to do about it. An option that the reference dropped and ARC's code still reads is\n" +
			"marked. The order of blocks and the descriptions are not compared.\n\n" +
			"   arclint diff 6.17.0 7.2.0                            what an upgrade changes\n" +
			"   arclint diff 7.2.0 src/doc/arc.conf.reference        for notes on the next release\n" +
			"   arclint diff --format json 7.0.0 7.2.0\n" +
			"   arclint diff --exit-code old.reference new.reference   in CI: exit 1 if they differ\n\n" +
			"Exit: 0, with --exit-code 1 if they differ, 2 usage, 3 a reference could not be read.",
		Flags: []cli.Flag{
			formatFlag("text", "json"),
			&cli.BoolFlag{Name: "exit-code", Usage: "exit 1 if the references differ"},
		},
		Action: diffReferences,
	}
}

func diffReferences(c *cli.Context) error {
	format, err := formatOf(c, "text", "json")
	if err != nil {
		return err
	}
	if c.NArg() != 2 {
		return usageError("diff takes two references, each a release (%s) or the path of an arc.conf.reference", strings.Join(arcref.Known().Versions(), ", "))
	}
	from, err := referenceOf(c.Args().Get(0))
	if err != nil {
		return err
	}
	to, err := referenceOf(c.Args().Get(1))
	if err != nil {
		return err
	}
	changes := arcref.Diff(from, to)
	write := refdiff.Text
	if format == "json" {
		write = refdiff.JSON
	}
	if err := write(c.App.Writer, changes); err != nil {
		return err
	}
	if c.Bool("exit-code") && !changes.Empty() {
		return exitError{code: exitFindings}
	}
	return nil
}

// referenceOf is that of a known release, or the file of that name.
func referenceOf(name string) (*arcref.Reference, error) {
	if ref, ok := arcref.Known().For(name); ok {
		return ref, nil
	}
	ref, err := loadReference(name)
	if _, _, noVersion := arcref.Known().Nearest(name); errors.Is(err, fs.ErrNotExist) && noVersion == nil {
		return nil, usageError("%s is neither a file nor a release that is known, want one of %s", name, strings.Join(arcref.Known().Versions(), ", "))
	}
	if err != nil {
		return nil, exitError{code: exitUnreadable, err: fmt.Errorf("%s: %w", name, reason(err))}
	}
	return ref, nil
}
