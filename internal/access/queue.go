package access

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/authgroup"
	"arclint/internal/source"
)

// QueueAccess says whether members of some groups, who got in, may use a queue.
type QueueAccess struct {
	Name string
	Open bool
	At   source.Span // the entry that decides, or the header
	Why  string
}

// Queues says it for every [queue:name], in the order of arc.conf: the list of a
// queue is applied when a job is submitted, in every release, and one without
// lines is open (arc-behaviour B2; arc.conf.reference [queue:name]).
func (p *Policy) Queues(groups []string) []QueueAccess {
	var queues []QueueAccess
	for _, b := range p.site.Conf.Kind("queue") {
		a := QueueAccess{Name: b.ID, At: b.Header().Span}
		l := p.List(b.Name)
		if l == nil {
			a.Open, a.Why = true, "no access list"
			queues = append(queues, a)
			continue
		}
		open, entry := Admits(l, groups...)
		a.Why = "no line names a group of this identity"
		if entry != nil {
			a.Open, a.At, a.Why = open, entry.Group.Span, "member of "+entry.Group.Text
		}
		queues = append(queues, a)
	}
	return queues
}

// ClosedToNew says why members of these groups may not submit new jobs although
// they get in: allownew=no, which allownew_override lifts for the groups that it
// names (arc.conf.reference [arex/ws/jobs]; make_new_job in a-rex/job.cpp).
// "" means that they may.
func (p *Policy) ClosedToNew(groups []string) (why string, at source.Span) {
	value, at, written := p.site.Written(authgroup.JobsBlock, "allownew")
	if !written || value != "no" {
		return "", source.Span{}
	}
	for _, use := range p.Overrides() {
		if slices.Contains(groups, use.Group.Text) {
			return "", source.Span{}
		}
	}
	return "allownew=no, and allownew_override names no group of this identity", at
}

// addSubmission completes the trace of a decision on a new job.
func (p *Policy) addSubmission(d *Decision) {
	step := func(at source.Span, rule, format string, args ...any) {
		d.Trace = append(d.Trace, Step{At: at, Rule: rule, Result: fmt.Sprintf(format, args...), Source: factQueue.source})
	}
	why, at := p.ClosedToNew(d.Groups)
	if d.Closed = why; why != "" {
		step(at, "allownew=no", "the job is refused inside the answer: %s", why)
		return
	}
	d.Queues = p.Queues(d.Groups)
	for _, q := range d.Queues {
		verdict := "open"
		if !q.Open {
			verdict = "closed"
		}
		step(q.At, "[queue:"+q.Name+"]", "%s: %s", verdict, q.Why)
	}
}

// Submits says whether a decision on a new job ends with a job: it is allowed,
// new jobs are, and a queue is open, or none is written.
func (d Decision) Submits() bool {
	open := len(d.Queues) == 0 || slices.ContainsFunc(d.Queues, func(q QueueAccess) bool { return q.Open })
	return d.Allowed && d.Closed == "" && open
}

// OpenQueues are the names of the queues that the identity may use.
func (d Decision) OpenQueues() string {
	var names []string
	for _, q := range d.Queues {
		if q.Open {
			names = append(names, q.Name)
		}
	}
	return strings.Join(names, " ")
}
