package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/prose"
	"arclint/internal/release"
	"arclint/internal/report"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/recipes"
)

func checkCommand(known release.Table) *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "find what is missing, unsafe or not read as it looks",
		ArgsUsage: "[FILE | -]",
		Description: "Reads the site once and reports findings at their places. With a file, or - for standard input, it\n" +
			"judges that arc.conf alone, as --config-only does, by the newest release that it knows.\n\n" +
			"   arclint check\n" +
			"   arclint check --root ./ce --arc-version 7.2.0 --fail-on warning\n" +
			"   arclint check --format json --root ce.tar.gz\n" +
			"   arclint check --target 7.2.0      what an upgrade would change, before it\n" +
			"   arclint check --within 30d        also what ends until then; `arclint expiry` lists it\n" +
			"   arclint check ce.conf             an arc.conf alone, such as one of a repository\n" +
			"   arclint check --no-site-ignores   nothing that the site suppresses is left out\n" +
			"   arclint check --example dune\n\n" +
			"Exit: 0 nothing at or above --fail-on, 1 findings, with --fail-on skipped also what was not checked,\n" +
			"2 usage, 3 the site could not be read.",
		Flags: siteFlags(append(chooseFlags(),
			formatFlag("text", "oneline", "json"),
			targetFlag(known),
			withinFlag("warn also of what ends within the `TIME` from now: 30d, 4w, 12h"),
			ignoresFlag(),
			&cli.BoolFlag{Name: "config-only", Usage: "judge arc.conf and arc.conf.d alone, as of a repository of configurations"},
			&cli.BoolFlag{Name: "show-suppressed", Usage: "show what \"# arclint:ignore\" lines of the site hide, with their reasons"},
			&cli.StringFlag{Name: "fail-on", Value: "error", Usage: "`SEVERITY` from which findings fail: error, warning, note, skipped (errors, and whatever could not be checked)"},
			&cli.BoolFlag{Name: "exit-zero", Usage: "exit 0 whatever is found"},
			&cli.BoolFlag{Name: "quiet", Usage: "list findings, and say nothing else"},
		)...),
		Action: check,
	}
}

func check(c *cli.Context) error {
	format, err := formatOf(c, "text", "oneline", "json")
	if err != nil {
		return err
	}
	fails, err := failOn(c.String("fail-on"))
	if err != nil {
		return err
	}
	listed, err := lint.ParseSeverity(c.String("severity"))
	if err != nil {
		return usageError("--severity: %w", err)
	}
	reports, err := chosenRules(c)
	if err != nil {
		return err
	}
	o, err := openChecked(c)
	if err != nil {
		return err
	}
	o.confine(c)
	o.options.OnlyUsed = true
	s, err := o.load()
	if err != nil {
		return err
	}
	found, err := judge(c, o, s)
	if err != nil {
		return err
	}
	if s.ConfOnly {
		found.Result = found.OfConf(s)
	}
	if c.Args().First() == "-" {
		offerNothing(found.Findings) // no command can name standard input
	}
	found.Result = found.Of(reports)
	failed := fails(s, found.Result) && !c.Bool("exit-zero")
	all := found.Result
	found.Result = found.From(listed)
	if err := writeCheck(c, format, s, found); err != nil || !failed {
		return err
	}
	if fails(s, found.Result) {
		return exitError{code: exitFindings}
	}
	return exitError{code: exitFindings, err: unlisted(c, all, listed, func(one lint.Result) bool { return fails(s, one) })}
}

// unlisted says which findings make a check fail that --severity does not list.
func unlisted(c *cli.Context, all lint.Result, listed lint.Severity, fails func(lint.Result) bool) error {
	var rules []string
	n := 0
	for _, f := range all.Findings {
		if one := (lint.Result{Findings: []lint.Finding{f}}); len(one.From(listed).Findings) > 0 || !fails(one) {
			continue
		}
		if n++; !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	shown := strings.Join(rules[:min(len(rules), maxUnlisted)], ", ")
	if more := len(rules) - maxUnlisted; more > 0 {
		shown += fmt.Sprintf(" and %d more rules", more)
	}
	return fmt.Errorf("the check fails by --fail-on %s, and --severity %s does not list why: %s of %s",
		c.String("fail-on"), c.String("severity"), prose.Plural(n, "finding"), shown)
}

// maxUnlisted bounds the rules that are named in one line.
const maxUnlisted = 3

func writeCheck(c *cli.Context, format string, s *site.Site, found recipes.Offered) error {
	out := text(c)
	switch out.Suppressed, out.Quiet = c.Bool("show-suppressed"), c.Bool("quiet"); format {
	case "json":
		return report.CheckJSON(c.App.Writer, maker(), s, found.Result)
	case "oneline":
		return out.Oneline(found.Result)
	}
	return out.Check(s, found)
}

// openChecked opens the site, or the arc.conf alone that the argument names.
func openChecked(c *cli.Context) (opened, error) {
	switch {
	case c.NArg() > 1:
		return opened{}, usageError("check takes one arc.conf, and has %q and %q", c.Args().Get(0), c.Args().Get(1))
	case c.NArg() == 1:
		return openConf(c, c.Args().First())
	}
	o, err := openRoot(c)
	o.options.ConfOnly = c.Bool("config-only")
	return o, err
}

func offerNothing(found []lint.Finding) {
	for i := range found {
		found[i].Recipes = nil
	}
}

// failOn says on what a check fails: findings from a severity on or, for those who
// take silence for health, errors and all that could not be looked at.
func failOn(text string) (func(*site.Site, lint.Result) bool, error) {
	if text == "skipped" {
		return func(s *site.Site, res lint.Result) bool {
			return res.Reaches(lint.Error) || len(res.Skips) > 0 || len(s.Problems) > 0
		}, nil
	}
	limit, err := lint.ParseSeverity(text)
	if err != nil {
		return nil, usageError("--fail-on: %w, or skipped", err)
	}
	return func(_ *site.Site, res lint.Result) bool { return res.Reaches(limit) }, nil
}
