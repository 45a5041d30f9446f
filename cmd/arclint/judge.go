package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

// judge applies all rules to the site, and asks the recipes that they name what
// they can do about it.
func judge(c *cli.Context, o opened, s *site.Site) (recipes.Offered, error) {
	res := judgement(c).Run(s, catalog.All())
	if o.options.OnlyUsed && len(s.Evidence) > 0 && slices.ContainsFunc(res.Findings, findsRoots) {
		o.options.OnlyUsed, o.options.Before = false, s
		whole, err := o.load()
		if err != nil {
			return recipes.Offered{}, err
		}
		s = whole
	}
	return recipes.Offer(s, res, o.flags(c, s), o.undecided(s)), nil
}

// judgement is how the flags want a site judged.
func judgement(c *cli.Context) lint.Options {
	return lint.Options{NoSiteIgnores: c.Bool(noSiteIgnores)}
}

// undecided says what must be decided before a plan for the site: whether it may
// change who gets in. A plan that changes no line of arc.conf is not looked at.
func (o opened) undecided(s *site.Site) func(recipes.Plan) error {
	return func(plan recipes.Plan) error {
		if !plan.EditsConf() {
			return nil
		}
		effect, err := o.try(s, plan)
		if err != nil {
			return err
		}
		return effect.Undecided(plan)
	}
}

// findsRoots: these recipes look for the roots of the chains in the evidence
// among the CAs of the system, whatever the CE looks at.
func findsRoots(f lint.Finding) bool { return slices.Contains(f.Recipes, "trust-issuer") }

// flags are those with which another command reads the same site. The arc.conf of
// `check FILE` is named by --config.
func (o opened) flags(c *cli.Context, s *site.Site) recipes.Flags {
	given := givenFlags(c)
	if c.Command.Name == "check" && c.NArg() == 1 {
		given = append(given, "--config", o.options.Config)
		if !c.IsSet("arc-version") {
			given = append(given, "--arc-version", s.Release.Measured)
		}
	}
	return given
}

// givenFlags are the flags that say which site is read and as what, as they
// were given.
func givenFlags(c *cli.Context) recipes.Flags {
	var given recipes.Flags
	for _, name := range []string{"root", "config", "arc-version", "os-family", "evidence", "reference", "now", "example", "target", "within"} {
		if c.IsSet(name) {
			given = append(given, "--"+name, c.String(name))
		}
	}
	if c.Bool(noSiteIgnores) {
		given = append(given, "--"+noSiteIgnores)
	}
	return given
}
