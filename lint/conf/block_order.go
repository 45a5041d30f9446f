package conf

import (
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/site"
	"arclint/lint"
)

var blockOrder = &lint.Rule{
	ID:    "conf/block-order",
	Title: "An authgroup is used by another one above it",
	Why: "The order of blocks does not matter to ARC, with one exception: a rule `authgroup = other` looks only at groups that stand above it. " +
		"A group further down is ignored as if it did not exist, so its members are not in the group that names it.",
	Source:   "arc-behaviour B3, C5",
	Facts:    []string{"B3"},
	Severity: lint.Error,
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		groups := s.Conf.Kind("authgroup")
		for i, group := range groups {
			for _, o := range unique(group.Options) {
				if ruleName(o) != "authgroup" {
					continue
				}
				for _, name := range strings.Fields(o.Value.Text) {
					reportLater(r, groups[:i], groups[i+1:], o, name)
				}
			}
		}
	},
}

// reportLater speaks of a group that stands below the rule and not above it.
func reportLater(r *lint.Reporter, above, below []*arcconf.Block, o *arcconf.Option, name string) {
	at := slices.IndexFunc(below, hasID(name))
	if at < 0 || slices.ContainsFunc(above, hasID(name)) {
		return
	}
	r.At(o.Value.Span, "authgroup %s is defined below this rule, want it above: ARC ignores it here", name).
		About(o.Section.Name+" "+o.Name.Text+" "+name).Relate(below[at].Header().Span, "defined here")
}
