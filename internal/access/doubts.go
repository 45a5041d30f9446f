package access

import (
	"cmp"
	"slices"
	"strings"
)

// addDoubts says of a new job what hangs on questions that nobody can answer here:
// whether it is taken, and by which queue. Of a client who does not get in with the
// usual answers, the queues are those of one with whom he does.
func (p *Policy) addDoubts(d *Decision, ends []end) {
	ends = slices.DeleteFunc(slices.Clone(ends), func(e end) bool { return !e.allowed })
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(len(a.unusual), len(b.unusual)) })
	for _, e := range ends {
		hangs := strings.Join(e.unusual, ", and on ")
		if hangs == "" {
			continue // d itself
		}
		closed := p.ClosedToNew(e.groups)
		queues := Queues{}
		if closed == "" {
			queues = p.Queues(e.groups)
		}
		switch {
		case !d.Allowed && d.Queues.table == nil:
			d.Queues, d.Queues.only = queues, hangs
		case !d.Allowed:
		case submits(closed, queues) != d.Submits() && d.SubmitHangs == "":
			d.SubmitHangs = hangs
		}
		if d.Allowed && closed == "" && d.Closed == "" {
			d.Queues.differ(queues, hangs)
		}
	}
}

func submits(closed string, queues Queues) bool {
	return closed == "" && queues.OpenCount() > 0
}

// differ notes the queues of which the verdict is another one with other answers.
func (q *Queues) differ(other Queues, hangs string) {
	for _, of := range []map[int32]int{q.decided, other.decided} {
		for n := range of {
			if q.isOpen(n) != other.isOpen(n) {
				q.note(n, hangs)
			}
		}
	}
}

// isOpen is about a queue with a list.
func (q Queues) isOpen(n int32) bool {
	entry, decided := q.decided[n]
	return decided && q.table.lists[n].Entries[entry].Allow
}
