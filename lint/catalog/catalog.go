// Package catalog lists every rule, by name.
package catalog

import (
	"slices"

	"arclint/lint"
	"arclint/lint/authz"
	"arclint/lint/conf"
	"arclint/lint/host"
	"arclint/lint/trust"
)

// All gives every rule, sorted by area and name.
func All() []*lint.Rule {
	all := slices.Concat(
		[]*lint.Rule{lint.Suppression},
		authz.Rules, conf.Rules, host.Rules, trust.Rules,
	)
	slices.SortFunc(all, func(a, b *lint.Rule) int {
		return lint.CompareIDs(a.ID, b.ID)
	})
	return all
}
