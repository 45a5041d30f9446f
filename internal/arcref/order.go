package arcref

import (
	"slices"
	"sync"
)

// BlockOrder lists the blocks that any known release has, in an order that is
// ARC's in each of them: those that the newest does not have any more stand
// behind the one that they followed. The list is shared: do not change it.
func BlockOrder() []string { return blockOrder() }

var blockOrder = sync.OnceValue(func() []string {
	var order []string
	for _, r := range releases() {
		order = mergedOrder(order, r.names())
	}
	return order
})

// mergedOrder is newer with each name that only older has behind the one that
// it follows there.
func mergedOrder(older, newer []string) []string {
	merged := slices.Clone(newer)
	at := 0
	for _, name := range older {
		if i := slices.Index(merged, name); i >= 0 {
			at = i + 1
			continue
		}
		merged = slices.Insert(merged, at, name)
		at++
	}
	return merged
}

func (r *Reference) names() []string {
	if r == nil {
		return nil
	}
	var names []string
	for _, b := range r.Blocks {
		names = append(names, b.Name)
	}
	return names
}

func (r *Reference) version() string {
	if r == nil {
		return ""
	}
	return r.Version
}
