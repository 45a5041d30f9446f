package authz

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var queueAccess = &lint.Rule{
	ID:    "authz/queue-access",
	Title: "The access lists of queues do not fit that of the job interface",
	Why: "Every release applies the list of [queue:name] when a job is submitted, after that of [arex/ws/jobs]. " +
		"A group that gets in and may use no queue has each job refused, inside an answer that says created. " +
		"A queue that has only denyaccess is open to nobody, and one whose groups do not get in at all is open to nobody either.",
	Source:   "arc-behaviour B2, B1",
	Impact:   lint.Outage,
	Facts:    []string{"B2"},
	Severity: lint.Warning,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Name each group that may use a queue in its block, and admit it to the job
interface too. Write each denyaccess above the allowaccess lines. Leave both
out of a queue that is for everybody who gets in.

    [arex/ws/jobs]
    allowaccess=dune

    [queue:grid]
    allowaccess=dune

Look who gets in:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		jobs := p.List(authgroup.JobsBlock)
		for _, b := range s.Conf.Kind("queue") {
			if l := p.List(b.Name); l != nil {
				checkQueue(p, s, r, jobs, l)
			}
		}
		if jobs != nil {
			checkQueueless(p, s, r, jobs)
		}
	},
}

func checkQueue(p *access.Policy, s *site.Site, r *lint.Reporter, jobs, l *authgroup.List) {
	if !l.Allows() {
		r.At(l.Block.Header().Span, "[%s] has denyaccess and no allowaccess", l.Block.Name).Means("Nobody may use the queue.").
			Do("Write an allowaccess for each authgroup that may use it.").As(lint.Error).About(l.Block.Name)
		return
	}
	if jobs == nil || jobs.Hides() || !s.Release.JobsListEnforced {
		return
	}
	for _, e := range l.Entries {
		if admitted, _ := p.AdmitsAll(jobs, e.Group.Text); e.Allow && !admitted && p.Defined(e.Group.Text) {
			r.At(e.Group.Span, "authgroup %s may use the queue, and [%s] does not admit it", e.Group.Text, authgroup.JobsBlock).
				Means("Unless its members are in another group too, they do not get as far as the queue.").
				Do("Name it in both lists, or in neither.").
				As(lint.Note).About(l.Block.Name + " " + e.Group.Text)
		}
	}
}

// namesNobody says whether the list has only groups that do not exist:
// undefined-group speaks of them.
func namesNobody(p *access.Policy, l *authgroup.List) bool {
	for _, e := range l.Entries {
		if e.Allow && p.Defined(e.Group.Text) {
			return false
		}
	}
	return l.Allows()
}

// maxCompared bounds the groups that are compared with the lists of queues.
const maxCompared = 500_000

// checkQueueless looks for groups that get in and find every queue closed.
func checkQueueless(p *access.Policy, s *site.Site, r *lint.Reporter, jobs *authgroup.List) {
	var lists []*authgroup.List
	admitted := map[string]bool{}
	for _, b := range s.Conf.Kind("queue") {
		l := p.List(b.Name)
		if l == nil || l.Hides() || namesNobody(p, l) {
			return // open to everybody, or for undefined-group to speak of
		}
		lists = append(lists, l)
		for name := range p.Admitting(l) {
			admitted[name] = true
		}
	}
	left, together := maxCompared, p.AdmittedByOne(lists)
	for _, e := range jobs.Entries {
		name := e.Group.Text
		if len(lists) == 0 || !e.Allow || admitted[name] || !p.Defined(name) {
			continue
		}
		if left -= len(lists); left < 0 {
			r.Skip("[%s] admits too many groups that no queue names: the others were not compared with the queues", authgroup.JobsBlock)
			return
		}
		open := slices.ContainsFunc(lists, func(l *authgroup.List) bool {
			admitted, _ := p.AdmitsAll(l, name)
			return admitted
		})
		if !open && !together.Holds(p.Group(name)) {
			r.At(e.Group.Span, "no queue admits authgroup %s", name).
				Means("Unless its members are in another group too, each of their jobs is refused.").
				Do("Name it in the allowaccess of a queue.").About(name)
		}
	}
}
