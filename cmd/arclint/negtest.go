package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/gridsec"
	"arclint/internal/mint"
	"arclint/internal/report/doors"
)

func negtestCommand() *cli.Command {
	return &cli.Command{
		Name:  "negtest",
		Usage: "try requests that should be turned away, and blame the lines that let them in",
		Description: "Makes of each way into this CE requests that are wrong in one thing (expired, for another service,\n" +
			"of a look-alike issuer, without a scope, ...) and says which of them it would let in, with the\n" +
			"request as the proof. What only a running CE can answer is listed as live only.\n\n" +
			"   arclint negtest --static\n" +
			"   arclint negtest --static --format json --example dune\n\n" +
			"Exit: 0 nothing is let in by a line of arc.conf, 1 something is, 2 usage, 3 the site could not be read.",
		Flags: siteFlags(
			formatFlag("text", "json"),
			&cli.BoolFlag{Name: "static", Usage: "judge from the files alone"},
			&cli.StringFlag{Name: "operation", Value: string(access.JobCreate), Usage: "with --static, `OPERATION` of the job interface: " + strings.Join(admission.Operations(), ", ")},
		),
		Action: negtest,
	}
}

func negtest(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	format, err := formatOf(c, "text", "json")
	if err != nil {
		return err
	}
	if !c.Bool("static") {
		return usageError("negtest judges from the files alone, want --static")
	}
	op, ok := admission.ParseOperation(c.String("operation"))
	if !ok {
		return usageError("--operation %q is unknown, want %s", c.String("operation"), strings.Join(admission.Operations(), " or "))
	}
	s, err := openSite(c)
	if err != nil {
		return err
	}
	set, err := mint.Make(s.Now)
	if err != nil {
		return err
	}
	made := admission.Made{Root: set.Root, Chains: map[string][]*gridsec.Certificate{}}
	for _, chain := range set.Chains {
		made.Chains[chain.ID] = chain.Certs
	}
	result := admission.StaticFor(s, made, op)
	if format == "json" {
		err = doors.NegativeJSON(c.App.Writer, result)
	} else {
		err = doors.NegativeText(c.App.Writer, s, result)
	}
	switch {
	case err != nil:
		return err
	case result.Unknown != "":
		return exitError{code: exitUnreadable, err: errors.New(result.Unknown)}
	case slices.ContainsFunc(result.Results, admission.Result.Hole):
		return exitError{code: exitFindings}
	}
	return nil
}
