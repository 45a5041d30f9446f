package main

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/admission"
	"arclint/internal/release"
	"arclint/internal/report"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

func recipeCommand(known release.Table) *cli.Command {
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
			targetFlag(known),
			ignoresFlag(),
			withinFlag("repair what check found with this `TIME`"),
			&cli.BoolFlag{Name: "prove", Usage: "apply the recipe to a copy in memory and show check before and after"},
			&cli.BoolFlag{Name: "list", Usage: "list the recipes"},
		),
		Action: recipe,
	}
}

func recipe(c *cli.Context) error {
	if c.Bool("list") {
		if err := alone(c, "list"); err != nil {
			return err
		}
		return report.RecipeList(c.App.Writer, recipes.All())
	}
	format, err := formatOf(c, "shell", "diff", "text")
	if err != nil {
		return err
	}
	if c.Bool("prove") && c.IsSet("format") {
		return usageError("--prove writes a report of its own, leave out --format")
	}
	answers, err := answersOf(c)
	if err != nil {
		return err
	}
	o, err := openRoot(c)
	if err != nil {
		return err
	}
	o.confine(c)
	o.tried = &tried{}
	s, err := o.load()
	if err != nil {
		return err
	}
	found, err := judge(c, o, s)
	if err != nil {
		return err
	}
	chosen, params, err := choose(c, found, answers)
	if err != nil {
		return err
	}
	if err := checkAnswers(c, s, chosen, found.Findings, answers); err != nil {
		return err
	}
	plan, err := chosen.Make(s, params)
	if errors.Is(err, recipes.ErrNothing) {
		if err := unwritten(s, chosen, answers); err != nil {
			return usageError("%w", err)
		}
		return nothing("%s: there is nothing to do on this site", chosen.ID)
	}
	if err != nil {
		return usageError("%w", err)
	}
	effect, err := o.try(s, plan)
	if err != nil {
		return exitError{code: exitUnreadable, err: err}
	}
	if c.Bool("prove") {
		return prove(c, s, plan, effect)
	}
	if err := effect.Undecided(plan); err != nil {
		return usageError("%w", err)
	}
	return render(format)(c.App.Writer, effect.Tell(plan))
}

// unwritten asks about an upgrade that needs no change of the files, and yet
// changes who gets in; nil where it does not, or where that is meant.
func unwritten(s *site.Site, chosen recipes.Recipe, answers map[string]string) error {
	if s.Target == nil || chosen.ID != "upgrade" {
		return nil
	}
	plan := recipes.Plan{Meant: recipes.Meant{Anybody: recipes.Decided(answers)}}
	return recipes.Effect{Site: s.Target, Who: admission.Compare(s, s.Target)}.Undecided(plan)
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

// try applies the plan in memory: who gets in before and after is asked of both.
func (o opened) try(s *site.Site, plan recipes.Plan) (recipes.Effect, error) {
	if plan.Release != "" {
		o.options.ARCVersion, o.options.Origin, o.options.Target = plan.Release, "--target", ""
	}
	if o.tried != nil && o.tried.site == s && reflect.DeepEqual(o.tried.plan, plan) {
		return o.tried.effect, nil
	}
	o.options.Before = s
	effect, err := recipes.Try(s, o.tree, plan, func(tree rootfs.FS) (*site.Site, error) { return site.Load(tree, o.options) })
	if o.tried != nil && err == nil {
		*o.tried = tried{site: s, plan: plan, effect: effect}
	}
	return effect, err
}

// tried is what a plan does to a site: a recipe is tried before it is offered, and
// mostly the same one is written then.
type tried struct {
	site   *site.Site
	plan   recipes.Plan
	effect recipes.Effect
}

func prove(c *cli.Context, s *site.Site, plan recipes.Plan, effect recipes.Effect) error {
	return text(c).Proof(plan, report.Proof{
		Before: judgement(c).Run(s, catalog.All()), TrustBefore: trust.Issuers(s),
		After: judgement(c).Run(effect.Site, catalog.All()), TrustAfter: trust.Issuers(effect.Site),
		Effect: effect,
	})
}

// choose finds the recipe that the argument names, or that of the gravest
// finding, and the findings that it is for.
func choose(c *cli.Context, offers recipes.Offered, answers map[string]string) (recipes.Recipe, recipes.Params, error) {
	name, found := c.Args().First(), offers.Findings
	sel := recipes.Selection{Issuer: c.String("issuer"), Path: answers["path"], Line: answers["line"]}
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
		name = f.Recipes[0]
		if sel == (recipes.Selection{}) {
			sel = offers.Selection(name, f)
		}
	case strings.Contains(name, "/"):
		var err error
		if name, found, err = ofRule(name, found); err != nil {
			return recipes.Recipe{}, recipes.Params{}, err
		}
	}
	chosen, ok := recipes.Find(name)
	if !ok {
		return recipes.Recipe{}, recipes.Params{}, unknownRecipe(name)
	}
	params := recipes.Params{
		Issuer: sel.Issuer, Findings: sel.Of(offered(found, chosen.ID)), Strategy: c.String("strategy"),
		Args: sel.Answer(answers), Flags: givenFlags(c),
	}
	if !chosen.Issuer {
		return chosen, params, nil
	}
	return chosen, params, oneIssuer(params)
}

// ofRule are the findings of the rule and the recipe that is offered for them.
func ofRule(id string, found []lint.Finding) (name string, its []lint.Finding, err error) {
	rule, err := findRule(id)
	if err != nil {
		return "", nil, err
	}
	if rule.Recipe == lint.Manual {
		return "", nil, usageError("%s is repaired by hand; `arclint explain %s` says how", id, id)
	}
	name = rule.Recipe
	for _, f := range found {
		if f.Rule != rule.ID {
			continue
		}
		if len(f.Recipes) > 0 && !slices.ContainsFunc(its, func(f lint.Finding) bool { return len(f.Recipes) > 0 }) {
			name = f.Recipes[0]
		}
		its = append(its, f)
	}
	if len(its) > 0 && !slices.ContainsFunc(its, func(f lint.Finding) bool { return len(f.Recipes) > 0 }) {
		return "", nil, nothing("no recipe does anything about what %s finds here; `arclint explain %s` says more", id, id)
	}
	return name, its, nil
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

func offered(found []lint.Finding, id string) []lint.Finding {
	return slices.DeleteFunc(slices.Clone(found), func(f lint.Finding) bool { return !slices.Contains(f.Recipes, id) })
}

// oneIssuer asks for --issuer where the findings speak of several.
func oneIssuer(p recipes.Params) error {
	var issuers []string
	for _, f := range p.Findings {
		if issuer := f.Args["issuer"]; issuer != "" && !slices.Contains(issuers, issuer) {
			issuers = append(issuers, issuer)
		}
	}
	if p.Issuer == "" && len(issuers) > 1 {
		return usageError("the findings speak of several issuers, choose one with --issuer: %s", strings.Join(issuers, ", "))
	}
	return nil
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
		if value == recipes.Placeholder {
			return nil, usageError("--set %s: write the value that is right for your site in place of %s; without this --set the recipe says what it asks", set, recipes.Placeholder)
		}
		if was, again := answers[key]; again && was != value {
			return nil, usageError("--set %s is given twice, as %q and as %q: give it once", key, was, value)
		}
		answers[key] = value
	}
	return answers, nil
}

// checkAnswers refuses what the recipe would not look at.
func checkAnswers(c *cli.Context, s *site.Site, chosen recipes.Recipe, found []lint.Finding, answers map[string]string) error {
	for key := range answers {
		if !slices.Contains(chosen.Keys, key) {
			return unknownAnswer(chosen, key)
		}
	}
	if c.IsSet("strategy") && chosen.ID != "trust-issuer" {
		return usageError("--strategy is of the recipe trust-issuer, and %s has none", chosen.ID)
	}
	if !c.IsSet("issuer") {
		return nil
	}
	if !chosen.Issuer {
		return usageError("--issuer is of no use to the recipe %s: leave it out", chosen.ID)
	}
	var named []string
	for _, it := range trust.Issuers(s) {
		named = append(named, it.Issuer)
	}
	for _, f := range found {
		named = append(named, f.Args["issuer"])
	}
	issuer := c.String("issuer")
	if line, turned := turnedAway(s, issuer); turned && !slices.Contains(named, issuer) {
		return usageError("--issuer %s: %s names it with a sign that turns its tokens away or is about all others, so that no recipe is for it", issuer, line)
	}
	if !slices.Contains(named, issuer) {
		list := givenFlags(c).Without("--target").Command("trust")
		return unknown("issuer", issuer, named, "no line of arc.conf names it and its keys are not pinned; `"+list+"` lists those that are")
	}
	return nil
}

// turnedAway is the line of a rule that names the issuer and does not take in its
// tokens.
func turnedAway(s *site.Site, issuer string) (line string, ok bool) {
	for _, i := range s.Access.Issuers() {
		if i.Text == issuer && !i.Asked {
			return fmt.Sprintf("%s:%d", i.Span.Path(), i.Span.Begin().Line), true
		}
	}
	return "", false
}

func unknownAnswer(chosen recipes.Recipe, key string) error {
	if len(chosen.Keys) == 0 {
		return usageError("--set %s: the recipe %s asks for nothing, leave it out", key, chosen.ID)
	}
	return unknown("answer", key, chosen.Keys, "the recipe "+chosen.ID+" takes --set "+strings.Join(chosen.Keys, ", --set "))
}
