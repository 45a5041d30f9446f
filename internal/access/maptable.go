package access

import (
	"iter"
	"slices"

	"arclint/internal/authgroup"
)

// mapTable finds the lines of [mapping] that do something for members of some
// groups. All others leave the account as it is.
type mapTable struct {
	rules    []*authgroup.MapRule
	policies []mapPolicy // in force at each line
	ids      []int32     // the numbers of the groups of the lines
	by       [][]int32   // the lines that name the group of a number
	linear   int32       // from here on every line counts: a policy fails or stops
}

// mapPolicy is what the lines policy_on_* say: true is stop (unixmap.cpp).
type mapPolicy struct{ onNoGroup, onNoMap, onMap bool }

func newMapTable(mapping *authgroup.Mapping, names *nameTable) *mapTable {
	t := &mapTable{by: make([][]int32, len(names.texts))}
	if mapping == nil {
		return t
	}
	t.rules = slices.Repeat(mapping.Rules, max(mapping.Passes, 1))
	t.linear = int32(len(t.rules))
	current := mapPolicy{onNoMap: true, onMap: true}
	for i, m := range t.rules { // the policies of one pass hold in the next
		failed, id := "", names.id(m.Group.Text)
		t.ids = append(t.ids, id)
		if isPolicy(m) && m.Kind != authgroup.MapComputed {
			failed = current.set(m, m.Group.Text)
		} else if id >= 0 && !isPolicy(m) {
			t.by[id] = append(t.by[id], int32(i))
		}
		t.policies = append(t.policies, current)
		computed := isPolicy(m) && m.Kind == authgroup.MapComputed
		if failed != "" || computed || !isPolicy(m) && (m.Group.Missing() || current.onNoGroup) {
			t.linear = min(t.linear, int32(i))
		}
	}
	return t
}

// lines are those that do something for members of the groups, in order.
func (t *mapTable) lines(groups []int32) iter.Seq[int] {
	return func(yield func(int) bool) {
		m := newMerge()
		for _, id := range groups {
			m.add(t.by[id])
		}
		for i, ok := m.next(0); ok && i < t.linear; i, ok = m.next(0) {
			if !yield(int(i)) {
				return
			}
		}
		for i := int(t.linear); i < len(t.rules); i++ {
			if !yield(i) {
				return
			}
		}
	}
}

// all are all lines.
func (t *mapTable) all(yield func(int) bool) {
	for i := range t.rules {
		if !yield(i) {
			return
		}
	}
}

// GoesOn says whether somebody who is in the group of a line of [mapping] can get to
// the lines below it: a line that maps its members, or fails, ends the search
// (arc-behaviour B8; policy_on_map read only).
func (p *Policy) GoesOn(m *authgroup.MapRule) bool {
	t := p.tables.mapping()
	i := slices.Index(t.rules, m)
	if i < 0 || isPolicy(m) {
		return true
	}
	maps, skips := !t.policies[i].onMap, !t.policies[i].onNoMap
	switch m.Kind {
	case authgroup.MapToUser:
		return maps && m.Account.Text != ""
	case authgroup.MapUnknown:
		return false
	case authgroup.MapComputed:
		return true
	}
	return !m.Group.Missing() && (maps || skips)
}
