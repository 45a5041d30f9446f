package access

import "sort"

// merge gives the numbers of several sorted lists in order, each once. Lists may
// come in while it goes on.
type merge struct {
	heap [][]int32 // by their first numbers; none is empty
	last int32
}

func newMerge() *merge { return &merge{last: -1} }

// add takes the numbers of a list that are still to come.
func (m *merge) add(list []int32) {
	if len(list) == 0 || list[len(list)-1] <= m.last {
		return
	}
	if list[0] <= m.last {
		list = list[sort.Search(len(list), func(i int) bool { return list[i] > m.last }):]
	}
	m.heap = append(m.heap, list)
	for i := len(m.heap) - 1; i > 0; {
		above := (i - 1) / 2
		if m.heap[above][0] <= m.heap[i][0] {
			break
		}
		m.heap[above], m.heap[i] = m.heap[i], m.heap[above]
		i = above
	}
}

// next gives the next number that is at least from; ok is false where there is
// none.
func (m *merge) next(from int32) (n int32, ok bool) {
	from = max(from, m.last+1)
	for len(m.heap) > 0 {
		list := m.heap[0]
		if n = list[0]; n >= from {
			m.last = n
			m.replace(list[1:])
			return n, true
		}
		m.replace(list[sort.Search(len(list), func(i int) bool { return list[i] >= from }):])
	}
	return 0, false
}

// replace puts the rest of the first list in its place.
func (m *merge) replace(rest []int32) {
	if len(rest) > 0 {
		m.heap[0] = rest
	} else {
		last := len(m.heap) - 1
		m.heap[0] = m.heap[last]
		m.heap = m.heap[:last]
	}
	for i := 0; ; {
		least := i
		for _, below := range [...]int{2*i + 1, 2*i + 2} {
			if below < len(m.heap) && m.heap[below][0] < m.heap[least][0] {
				least = below
			}
		}
		if least == i {
			return
		}
		m.heap[least], m.heap[i] = m.heap[i], m.heap[least]
		i = least
	}
}
