package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/report"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

func recipeCommand() *cli.Command {
	return &cli.Command{
		Name:      "recipe",
		Usage:     "write a script, a diff or the steps that repair what check found",
		ArgsUsage: "[RECIPE | RULE]",
		Description: "Checks the site and writes the recipe for what it found: for the named recipe or rule, or for\n" +
			"the gravest finding. Nothing is changed on the site: the script goes to standard output, to be\n" +
			"read first. It backs up what it touches, verifies its work and leaves a rollback script.\n\n" +
			"   arclint recipe                                        what would repair the gravest finding\n" +
			"   arclint recipe trust/issuer-ca-missing > fix.sh       then: less fix.sh; sh fix.sh --dry-run\n" +
			"   arclint recipe --strategy split-trust trust-issuer\n" +
			"   arclint recipe --format diff edit-arc-conf\n" +
			"   arclint recipe --prove trust-issuer                   check before and after, in memory\n" +
			"   arclint recipe --target 7.2.0 --format diff           arc.conf as that release wants it\n" +
			"   arclint recipe --list\n\n" +
			"Exit: 0, 2 usage, 3 the site could not be read.",
		Flags: siteFlags(
			formatFlag("shell", "diff", "text"),
			&cli.StringFlag{Name: "strategy", Usage: "`STRATEGY` of trust-issuer: pin-issuer, split-trust, anchor-with-policy (default: the safest of the release)"},
			&cli.StringFlag{Name: "issuer", Usage: "the `URL` of the issuer, where findings speak of several"},
			&cli.StringSliceFlag{Name: "set", Usage: "answer what a recipe asks for, `KEY=VALUE`"},
			targetFlag(),
			&cli.BoolFlag{Name: "prove", Usage: "apply the recipe to a copy in memory and show check before and after"},
			&cli.BoolFlag{Name: "list", Usage: "list the recipes"},
		),
		Action: recipe,
	}
}

func recipe(c *cli.Context) error {
	if err := flagsFirst(c); err != nil {
		return err
	}
	if c.Bool("list") {
		return report.RecipeList(c.App.Writer, recipes.All())
	}
	format, err := formatOf(c, "shell", "diff", "text")
	if err != nil {
		return err
	}
	answers, err := answersOf(c)
	if err != nil {
		return err
	}
	o, err := openRoot(c)
	if err != nil {
		return err
	}
	s, err := o.load()
	if err != nil {
		return err
	}
	found := lint.Run(s, catalog.All()).Findings
	chosen, params, err := choose(c, found)
	if err != nil {
		return err
	}
	params.Args = answers
	params.Strategy = c.String("strategy")
	plan, err := chosen.Make(s, params)
	if errors.Is(err, recipes.ErrNothing) {
		return nothing("%s: there is nothing to do on this site", chosen.ID)
	}
	if err != nil {
		return usageError("%w", err)
	}
	if c.Bool("prove") {
		return prove(c, s, o, plan)
	}
	return render(format)(c.App.Writer, plan)
}

func render(format string) func(io.Writer, recipes.Plan) error {
	switch format {
	case "diff":
		return recipes.Diff
	case "text":
		return recipes.Text
	}
	return recipes.Shell
}

func prove(c *cli.Context, s *site.Site, o opened, plan recipes.Plan) error {
	if plan.Release != "" {
		o.options.ARCVersion, o.options.Origin, o.options.Target = plan.Release, "--target", ""
	}
	var repaired *site.Site
	reload := func(tree rootfs.FS) (loaded *site.Site, err error) {
		repaired, err = site.Load(tree, o.options)
		return repaired, err
	}
	run := func(s *site.Site) lint.Result { return lint.Run(s, catalog.All()) }
	before, after, err := recipes.Prove(s, o.tree, plan, reload, run)
	if err != nil {
		return exitError{code: exitUnreadable, err: err}
	}
	return text(c).Proof(plan, report.Proof{
		Before: before, TrustBefore: trust.Issuers(s), After: after, TrustAfter: trust.Issuers(repaired),
	})
}

// choose finds the recipe that the argument names, or that of the gravest
// finding, and the findings that it is for.
func choose(c *cli.Context, found []lint.Finding) (recipes.Recipe, recipes.Params, error) {
	name := c.Args().First()
	switch {
	case c.NArg() > 1:
		return recipes.Recipe{}, recipes.Params{}, usageError("recipe takes one recipe or rule, got %q", c.Args().Slice())
	case name == "" && c.String("target") != "":
		name = "upgrade"
	case name == "":
		f, ok := gravest(found)
		if !ok {
			return recipes.Recipe{}, recipes.Params{}, nothing("no finding here has a recipe; `arclint recipe --list` lists them")
		}
		name, found = f.Recipes[0], sameIssuer(found, f)
	case strings.Contains(name, "/"):
		rule, err := findRule(name)
		if err != nil {
			return recipes.Recipe{}, recipes.Params{}, err
		}
		if rule.Recipe == lint.Manual {
			return recipes.Recipe{}, recipes.Params{}, usageError("%s is repaired by hand; `arclint explain %s` says how", name, name)
		}
		found = slices.DeleteFunc(slices.Clone(found), func(f lint.Finding) bool { return f.Rule != rule.ID })
		name = rule.Recipe
		if len(found) > 0 && len(found[0].Recipes) > 0 {
			name = found[0].Recipes[0]
		}
	}
	chosen, ok := recipes.Find(name)
	if !ok {
		return recipes.Recipe{}, recipes.Params{}, unknownRecipe(name)
	}
	params := recipes.Params{Findings: offered(found, chosen.ID)}
	issuer, err := issuerOf(c, params.Findings)
	params.Issuer = issuer
	return chosen, params, err
}

func gravest(found []lint.Finding) (lint.Finding, bool) {
	for _, severity := range []lint.Severity{lint.Error, lint.Warning, lint.Note} {
		for _, f := range found {
			if f.Severity == severity && len(f.Recipes) > 0 {
				return f, true
			}
		}
	}
	return lint.Finding{}, false
}

// sameIssuer leaves out what is said of another issuer than f speaks of.
func sameIssuer(found []lint.Finding, f lint.Finding) []lint.Finding {
	return slices.DeleteFunc(slices.Clone(found), func(other lint.Finding) bool {
		return other.Args["issuer"] != "" && other.Args["issuer"] != f.Args["issuer"]
	})
}

func offered(found []lint.Finding, id string) []lint.Finding {
	return slices.DeleteFunc(slices.Clone(found), func(f lint.Finding) bool { return !slices.Contains(f.Recipes, id) })
}

// issuerOf is the issuer of --issuer, or the one of which the findings speak.
func issuerOf(c *cli.Context, found []lint.Finding) (string, error) {
	if issuer := c.String("issuer"); issuer != "" {
		return issuer, nil
	}
	var issuers []string
	for _, f := range found {
		if issuer := f.Args["issuer"]; issuer != "" && !slices.Contains(issuers, issuer) {
			issuers = append(issuers, issuer)
		}
	}
	if len(issuers) > 1 {
		return "", usageError("the findings speak of several issuers, choose one with --issuer: %s", strings.Join(issuers, ", "))
	}
	if len(issuers) == 0 {
		return "", nil
	}
	return issuers[0], nil
}

// nothing says that there is no script to write. It goes to standard error:
// standard output may be the script.
func nothing(format string, args ...any) error {
	return exitError{code: exitClean, err: fmt.Errorf(format, args...)}
}

func unknownRecipe(name string) error {
	var ids []string
	for _, r := range recipes.All() {
		ids = append(ids, r.ID)
	}
	return unknown("recipe", name, ids, "`arclint recipe --list` lists them")
}

func answersOf(c *cli.Context) (map[string]string, error) {
	answers := map[string]string{}
	for _, set := range c.StringSlice("set") {
		key, value, ok := strings.Cut(set, "=")
		if !ok || key == "" {
			return nil, usageError("--set %q, want KEY=VALUE", set)
		}
		answers[key] = value
	}
	return answers, nil
}
