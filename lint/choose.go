package lint

import "slices"

// Of leaves what rules found that keep takes, by their IDs.
func (res Result) Of(keep func(rule string) bool) Result {
	res.Findings = slices.DeleteFunc(slices.Clone(res.Findings), func(f Finding) bool { return !keep(f.Rule) })
	res.Suppressed = slices.DeleteFunc(slices.Clone(res.Suppressed), func(s Suppressed) bool { return !keep(s.Rule) })
	res.Skips = slices.DeleteFunc(slices.Clone(res.Skips), func(s Skip) bool { return !keep(s.Rule) })
	return res
}

// From leaves findings of that severity and graver ones, and counts the others.
func (res Result) From(limit Severity) Result {
	all := len(res.Findings)
	res.Findings = slices.DeleteFunc(slices.Clone(res.Findings), func(f Finding) bool { return f.Severity.rank() < limit.rank() })
	res.Unlisted += all - len(res.Findings)
	return res
}
