package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"

	"github.com/urfave/cli/v2"

	"arclint/internal/issuers/probe"
	"arclint/internal/prose"
	"arclint/internal/report"
)

func probeCommand() *cli.Command {
	return &cli.Command{
		Name:      "probe",
		Usage:     "ask token issuers what they serve, and write the evidence",
		ArgsUsage: "ISSUER...",
		Description: "Connects to each issuer, checks its certificate and host name itself, fetches metadata and keys,\n" +
			"and reports what an ARC CE of each release would stumble over. It opens\n" +
			"network connections, to the issuers that you name.\n\n" +
			"   arclint probe https://cilogon.org/dune\n" +
			"   arclint probe --write ./evidence https://cilogon.org/dune; arclint check --evidence ./evidence\n\n" +
			"Exit: 0 every issuer is usable by some release, 1 not so, 2 usage, 3 the evidence could not be written.",
		Flags: []cli.Flag{
			formatFlag("text", "json"),
			&cli.StringFlag{Name: "write", Usage: "write the chains and the key sets that the issuers serve as evidence into `DIR`"},
			&cli.BoolFlag{Name: "overwrite", Usage: "replace files in DIR that arclint did not write"},
			&cli.StringFlag{Name: "now", Usage: "the time at which to judge, `RFC3339` (default: the clock)"},
		},
		Action: probeIssuers,
	}
}

func probeIssuers(c *cli.Context) error {
	format, err := formatOf(c, "text", "json")
	if err != nil {
		return err
	}
	if err := needs(c, "overwrite", "write"); err != nil {
		return err
	}
	if c.NArg() == 0 {
		return usageError("probe takes the URLs of issuers, such as https://cilogon.org/dune")
	}
	now, err := nowOf(c)
	if err != nil {
		return err
	}
	if dir := c.String("write"); dir != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return usageError("--write %s: want a directory that exists", dir)
		}
	}
	ctx, stop := signal.NotifyContext(c.Context, os.Interrupt)
	defer stop()
	results := probeAll(ctx, c, probe.Options{Now: now})
	if format == "json" {
		err = report.ProbeJSON(c.App.Writer, results)
	} else {
		err = text(c).Probe(results)
	}
	if err != nil {
		return err
	}
	if dir := c.String("write"); dir != "" {
		if err := writeEvidence(c, dir, results); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(results, unusable) {
		return exitError{code: exitFindings}
	}
	return nil
}

// unusable says whether no release can use the issuer.
func unusable(r probe.Result) bool {
	return !slices.ContainsFunc(r.ARC, func(o probe.Outcome) bool {
		return o.Verdict == probe.AllWork || o.Verdict == probe.SomeWork
	})
}

func probeAll(ctx context.Context, c *cli.Context, options probe.Options) []probe.Result {
	progress := report.NewProgress(c.App.ErrWriter, c.NArg())
	defer progress.Done()
	var results []probe.Result
	for _, issuer := range c.Args().Slice() {
		progress.Step(issuer)
		results = append(results, probe.Issuer(ctx, issuer, options))
	}
	return results
}

func writeEvidence(c *cli.Context, dir string, results []probe.Result) error {
	for _, r := range results {
		files, err := probe.WriteEvidence(dir, r, c.Bool("overwrite"))
		if err != nil && !errors.Is(err, probe.ErrOtherIssuer) {
			return exitError{code: exitUnreadable, err: fmt.Errorf("--write %s: %w", dir, err)}
		}
		for _, f := range files {
			if _, err := fmt.Fprintf(c.App.ErrWriter, "wrote %s\n", prose.Safe(f)); err != nil {
				return err
			}
		}
		if err == nil {
			continue
		}
		if _, err := fmt.Fprintf(c.App.ErrWriter, "%s\n", prose.Safe(err.Error())); err != nil {
			return err
		}
	}
	return nil
}
