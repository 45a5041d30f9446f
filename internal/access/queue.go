package access

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
	"arclint/internal/source"
)

// QueueAccess says whether members of some groups, who got in, may use a queue.
type QueueAccess struct {
	Name string
	Open bool
	At   source.Span // the entry that decides, or the header
	Why  string

	// Hangs is what the answer hangs on and nobody can know here, "" where it is known.
	Hangs string
}

// Queues are all queues of a CE, for members of some groups. It holds only what
// the groups decide: a site with thousands of queues has thousands of ways in.
type Queues struct {
	table   *queueTable
	decided map[int32]int // of a queue, the entry of its list that decides

	hangs map[int32]string // of a queue, what its verdict hangs on
	only  string           // what must be so for the client to get in at all, and to the queues; "" where he does
}

// queueTable finds the queues whose lists name a group.
type queueTable struct {
	blocks []*arcconf.Block  // in the order of arc.conf
	lists  []*authgroup.List // nil: the queue has none, and is open
	open   []int32           // the queues without a list
	by     map[string][]queueEntry
}

// queueEntry is the first entry of the list of a queue that names a group.
type queueEntry struct {
	queue int32
	entry int
}

func newQueueTable(p *Policy) *queueTable {
	t := &queueTable{blocks: p.site.Conf.Kind("queue"), by: map[string][]queueEntry{}}
	for n, b := range t.blocks {
		l := p.List(b.Name)
		if t.lists = append(t.lists, l); l == nil {
			t.open = append(t.open, int32(n))
			continue
		}
		for name, entry := range p.tables.firsts()[l] {
			t.by[name] = append(t.by[name], queueEntry{int32(n), entry})
		}
	}
	return t
}

// Queues says it for every [queue:name], in the order of arc.conf: the list of a
// queue is applied when a job is submitted, in every release, and one without
// lines is open (arc-behaviour B2; arc.conf.reference [queue:name]).
func (p *Policy) Queues(groups []string) Queues {
	q := Queues{table: p.tables.queues(), decided: map[int32]int{}}
	for _, name := range groups {
		for _, e := range q.table.by[name] {
			if first, known := q.decided[e.queue]; !known || e.entry < first {
				q.decided[e.queue] = e.entry
			}
		}
	}
	if len(groups) > 0 && len(p.tables.computed()) > 0 {
		q.hang(p)
	}
	return q
}

// hang notes the queues whose lists name groups that ARC computes, where one of them
// would change the verdict.
func (q *Queues) hang(p *Policy) {
	for n, l := range q.table.lists {
		for _, i := range p.tables.computed()[l] {
			if first, decided := q.decided[int32(n)]; decided && int(i) > first {
				break
			}
			if e := l.Entries[i]; e.Allow != q.isOpen(int32(n)) {
				q.note(int32(n), e.Wonder())
				break
			}
		}
	}
}

func (q *Queues) note(n int32, hangs string) {
	if q.hangs == nil {
		q.hangs = map[int32]string{}
	}
	if q.hangs[n] == "" {
		q.hangs[n] = hangs
	}
}

// hangsAll is what it hangs on whether any queue is open, "" where that is known.
func (q Queues) hangsAll() string {
	if len(q.hangs) == 0 || q.OpenCount() > q.hangingOpen() {
		return ""
	}
	for n := range q.Len() {
		if on := q.hangs[int32(n)]; on != "" {
			return on
		}
	}
	return ""
}

func (q Queues) hangingOpen() (count int) {
	for n := range q.hangs {
		if q.isOpen(n) {
			count++
		}
	}
	return count
}

// Len is the number of queues.
func (q Queues) Len() int {
	if q.table == nil {
		return 0
	}
	return len(q.table.blocks)
}

// All are the queues in the order of arc.conf.
func (q Queues) All() iter.Seq[QueueAccess] { return q.First(q.Len()) }

// First are the first queues, at most so many.
func (q Queues) First(most int) iter.Seq[QueueAccess] {
	return func(yield func(QueueAccess) bool) {
		for n := range min(q.Len(), most) {
			if !yield(q.at(int32(n))) {
				return
			}
		}
	}
}

func (q Queues) at(n int32) QueueAccess {
	b, l := q.table.blocks[n], q.table.lists[n]
	a := QueueAccess{Name: b.ID, At: b.Header().Span, Hangs: q.hangs[n]}
	entry, decided := q.decided[n]
	switch {
	case l == nil:
		a.Open, a.Why = true, "no access list"
	case !decided:
		a.Why = "no line names a group of this identity"
	default:
		e := l.Entries[entry]
		a.Open, a.At, a.Why = e.Allow, e.Group.Span, "member of "+e.Group.Text
	}
	if a.Open && q.only != "" {
		a.Open, a.Hangs = false, q.only
	}
	return a
}

// OpenCount is the number of those that are open.
func (q Queues) OpenCount() int {
	if q.table == nil || q.only != "" {
		return 0
	}
	return len(q.table.open) + len(q.openByList())
}

// openByList are the numbers of the queues whose lists admit a group.
func (q Queues) openByList() []int32 {
	var open []int32
	for n, entry := range q.decided {
		if q.table.lists[n].Entries[entry].Allow {
			open = append(open, n)
		}
	}
	slices.Sort(open)
	return open
}

// Open are the names of those that are open, in the order of arc.conf, at most so
// many.
func (q Queues) Open(most int) []string {
	var names []string
	if q.table == nil || q.only != "" {
		return nil
	}
	free, listed := q.table.open, q.openByList()
	for len(free)+len(listed) > 0 && len(names) < most {
		next := &free
		if len(free) == 0 || len(listed) > 0 && listed[0] < free[0] {
			next = &listed
		}
		names = append(names, q.table.blocks[(*next)[0]].ID)
		*next = (*next)[1:]
	}
	return names
}

// closure is a reason why no new job is taken of clients who get in.
type closure struct {
	why, rule string // "" where jobs are taken
	at        source.Span
	fact      fact
}

// ClosedToNew says why members of these groups may not submit new jobs although
// they get in, whatever the lists of queues say; "" means that they may.
func (p *Policy) ClosedToNew(groups []string) (why string) { return p.closed(groups).why }

// closed looks at allownew=no, which allownew_override lifts for the groups that it
// names (arc.conf.reference [arex/ws/jobs]; make_new_job in a-rex/job.cpp), and at what
// closes the CE to everybody.
func (p *Policy) closed(groups []string) closure {
	s := p.tables.settings()
	excepted := func(name string) bool { return s.excepted[name] }
	if s.closed.IsZero() || slices.ContainsFunc(groups, excepted) {
		return s.shut
	}
	return closure{why: "allownew=no, and allownew_override names no group of this identity", rule: "allownew=no", at: s.closed, fact: factQueue}
}

// shut is why A-REX refuses the job of everybody: it has no queue (arc-behaviour J1), or
// no session directory for a new job.
func (p *Policy) shut() closure {
	if len(p.site.Conf.Kind("queue")) == 0 {
		return closure{why: "arc.conf has no block [queue:NAME], so A-REX refuses each job", rule: "[queue:NAME]", fact: factNoQueue}
	}
	if at, is := p.site.Drained(); is {
		return closure{why: "every sessiondir is set to drain, so A-REX refuses each job", rule: "sessiondir", at: at, fact: factDrained}
	}
	return closure{}
}

// TakesNoJob says why the job of everybody is refused, "" where that hangs on who comes.
func (p *Policy) TakesNoJob() string {
	if s := p.tables.settings(); s.shut.why != "" || s.closed.IsZero() || len(s.excepted) > 0 || s.excepts != "" {
		return s.shut.why
	}
	return "allownew=no, and no allownew_override"
}

// addSubmission completes a decision on a new job, and its trace where one is
// asked for.
func (p *Policy) addSubmission(d *Decision, brief bool) {
	step := func(at source.Span, rule string, f fact, format string, args ...any) {
		d.Trace = append(d.Trace, Step{At: at, Rule: rule, Result: fmt.Sprintf(format, args...), Source: f.source})
	}
	c, s := p.closed(d.Groups), p.tables.settings()
	switch {
	case c.why == "" && s.computed != "":
		d.SubmitHangs = s.computed
	case c.why != "" && s.shut.why == "" && s.excepts != "" && len(d.Groups) > 0:
		d.SubmitHangs = s.excepts
	}
	if d.Closed = c.why; c.why != "" {
		step(c.at, c.rule, c.fact, "the job is refused inside the answer: %s", c.why)
		return
	}
	d.Queues = p.Queues(d.Groups)
	d.SubmitHangs = cmp.Or(d.SubmitHangs, d.Queues.hangsAll())
	if brief {
		return
	}
	for q := range d.Queues.All() {
		verdict := "open"
		if !q.Open {
			verdict = "closed"
		}
		step(q.At, "[queue:"+q.Name+"]", factQueue, "%s: %s", verdict, q.Why)
	}
}

// NotSubmits says why a client who gets in ends without a job, "" where he does not.
func (d Decision) NotSubmits() string {
	if d.Submits() {
		return ""
	}
	return cmp.Or(d.Closed, "no queue is open to it")
}

// Submits says whether a decision on a new job ends with a job: it is allowed,
// new jobs are, and a queue is open.
func (d Decision) Submits() bool {
	return d.Allowed && submits(d.Closed, d.Queues)
}

// Hanging are the names of queues of which nobody can know here whether they are
// open, at most so many.
func (q Queues) Hanging(most int) []string {
	var names []string
	if len(q.hangs) == 0 && q.only == "" {
		return nil
	}
	for a := range q.All() {
		if a.Hangs != "" && len(names) < most {
			names = append(names, a.Name)
		}
	}
	return names
}

// OpenQueues are the names of the queues that the identity may use.
func (d Decision) OpenQueues() string { return strings.Join(d.Queues.Open(d.Queues.Len()), " ") }
