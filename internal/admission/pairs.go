package admission

import (
	"slices"

	"arclint/internal/authgroup"
)

// pairs adds the ways in for which one rule is not enough: a client who is in a
// group that has an account, and by another rule in a group that the access list
// admits. How many are tried depends on the size of the site; more is true where
// some were left out.
func (b *builder) pairs() (more bool) {
	list := b.policy.List(authgroup.JobsBlock)
	if list == nil || !b.site.Release.JobsListEnforced {
		return false
	}
	var admitted, mapped []Door
	for _, d := range b.doors {
		if d.Rule == nil {
			continue
		}
		hasAccount := d.Decision.Account != "" || d.Decision.AccountFrom != ""
		switch {
		case d.Decision.Listed:
			admitted = append(admitted, d)
		case hasAccount && !d.Open():
			mapped = append(mapped, d)
		}
	}
	left := b.policy.Within(200_000, 50, 1000)
	for _, m := range mapped {
		var told []string // the admitted groups by which this door is open
		for _, a := range admitted {
			if slices.Contains(told, a.Group) {
				continue
			}
			if left--; left < 0 {
				return true
			}
			if b.pair(m, a) {
				told = append(told, a.Group)
			}
		}
	}
	return false
}

// pair adds the door of those who fit through both, and says whether it is open.
func (b *builder) pair(mapped, admitted Door) bool {
	id, claims, ok := both(mapped, admitted)
	if !ok {
		return false
	}
	d := Door{
		Rule: mapped.Rule, Group: mapped.Group, Width: max(mapped.Width, admitted.Width), Many: mapped.Many, Issuer: mapped.Issuer,
		Who: mapped.Who + " and at the same time " + admitted.Who, Shown: mapped.Shown + " + " + admitted.Shown,
	}
	known := len(b.doors)
	b.add(d, id, claims)
	if !b.doors[known].Open() {
		b.doors = b.doors[:known]
		return false
	}
	return true
}
