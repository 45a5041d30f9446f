// Package catalog lists every rule, by name.
package catalog

import (
	"slices"
	"strings"

	"arclint/lint"
	"arclint/lint/authz"
	"arclint/lint/conf"
	"arclint/lint/host"
	"arclint/lint/trust"
)

// Starts gives the rules that may say that the service does not start: those on
// arc.conf, and who else says so of itself.
func Starts() []*lint.Rule {
	return slices.DeleteFunc(All(), func(r *lint.Rule) bool { return !r.Stops && !strings.HasPrefix(r.ID, "conf/") })
}

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
