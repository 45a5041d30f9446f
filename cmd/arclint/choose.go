package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/lint"
)

// chooseFlags say what of a result is reported.
func chooseFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "only", Usage: "report this `RULE|AREA` alone, such as trust/hash-link-wrong or conf; may be repeated"},
		&cli.StringSliceFlag{Name: "except", Usage: "do not report this `RULE|AREA`; may be repeated"},
		&cli.StringFlag{Name: "severity", Value: string(lint.Note), Usage: "list findings from this `SEVERITY` on: error, warning, note"},
	}
}

// chosenRules says of the ID of a rule whether --only and --except let it report.
func chosenRules(c *cli.Context) (func(rule string) bool, error) {
	only, err := rulesNamed(c.StringSlice("only"))
	if err != nil {
		return nil, err
	}
	except, err := rulesNamed(c.StringSlice("except"))
	if err != nil {
		return nil, err
	}
	return func(rule string) bool {
		return rule == lint.PanicRule || (len(only) == 0 || only[rule]) && !except[rule]
	}, nil
}

// rulesNamed are the IDs of rules that are named by an ID, by a name without its
// area, or by an area.
func rulesNamed(names []string) (map[string]bool, error) {
	ids := map[string]bool{}
	for _, name := range names {
		of := inArea(name)
		if len(of) == 0 {
			rule, err := findRule(name)
			if err != nil {
				return nil, err
			}
			of = []string{rule.ID}
		}
		for _, id := range of {
			ids[id] = true
		}
	}
	return ids, nil
}

// inArea lists the rules of an area, none where there is no such area.
func inArea(area string) []string {
	return slices.DeleteFunc(ruleIDs(), func(id string) bool { return !strings.HasPrefix(id, area+"/") })
}
