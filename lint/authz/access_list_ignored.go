package authz

import (
	"sync"

	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var accessListIgnored = &lint.Rule{
	ID:    "authz/access-list-ignored",
	Title: "The access list of [arex/ws/jobs] is not applied, and it would keep a user out",
	Why: "ARC 6 does not look at allowaccess and denyaccess of [arex/ws/jobs] when a request comes by its REST interface. Every user whom [mapping] gives an account gets in and may submit jobs. " +
		"Who is in no group of [mapping] is kept out. A rule with a minus sign at the head of each mapped group keeps out whom it matches. " +
		"Only the lists of [queue:...] blocks are applied, when a job is submitted.",
	Source:   "arc-behaviour S5",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
	Facts:    []string{"S5"},
	Severity: lint.Error,
	Effect:   "This release does not apply the list, so that its members get in and may submit jobs.",
	Where:    func(r site.Release) bool { return !r.JobsListEnforced },
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Take every group that is not to get in out of [mapping]: without an account
its members are refused. If only some members of a mapped group are to stay
out, refuse them at the head of that group. Write the group that is refused
above the group that refuses it.

    [authgroup:banned]
    subject=/DC=org/DC=example/CN=Mallory

    [authgroup:dune]
    -authgroup=banned
    voms=dune * * *

    [mapping]
    map_to_user=dune dune:dune

Ask what becomes of somebody who is to stay out:

    arclint whoami --subject "/DC=org/DC=example/CN=Mallory" --fqan /dune

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		l := p.List(authgroup.JobsBlock)
		if l == nil || len(l.Entries) == 0 || l.Hides() || p.Mapping == nil {
			return
		}
		lines := sync.OnceValue(l.Readable)
		members := admission.MembersAt(s, l)
		kept := sync.OnceValue(func() turning { return turningAway(p) })
		seen := map[string]bool{}
		for _, m := range p.Mapping.Rules {
			name := m.Group.Text
			if m.Kind == authgroup.MapPolicy || seen[name] || !p.Defined(name) {
				continue
			}
			seen[name] = true
			admitted, entry := p.AdmitsAll(l, name)
			if admitted || members.Admits(name) {
				continue
			}
			if entry == nil && members.Unsure(name) {
				r.At(m.Group.Span, "authgroup %s is mapped, and [%s] does not name it", name, authgroup.JobsBlock).
					Means("This release does not apply the access list. A plugin or a list that cannot be seen here decides who else is a member: they get in and may submit jobs.").
					Do("Take the group out of [mapping], unless that is meant.").
					As(lint.Warning).About(name).Relate(l.Block.Header().Span, "this list does not name it")
				continue
			}
			f := r.At(m.Group.Span, "authgroup %s is mapped, and [%s] does not admit it", name, authgroup.JobsBlock).
				Do("Take it out of [mapping].%s", kept().besides(entry, name)).About(name)
			if entry != nil {
				f.Relate(entry.Group.Span, "denied here, without effect")
			} else {
				f.Relate(l.Block.Header().Span, "this list does not name it")
				for _, line := range lines()[name] {
					f.RestOn(line)
				}
			}
		}
		checkDenials(p, r, l, kept, seen)
	},
}

// besides is what a denied group needs besides: without an account of its
// own its members have that of another mapped group in which they are.
func (t turning) besides(entry *authgroup.Entry, name string) string {
	if entry == nil || entry.Allow || t.times[name] >= t.mapped-1 {
		return ""
	}
	return " Write -authgroup=" + name + " at the head of each group that stays there."
}

// checkDenials looks at denied groups that [mapping] does not name: those of
// their members who are in a mapped group as well get in.
func checkDenials(p *access.Policy, r *lint.Reporter, l *authgroup.List, turns func() turning, reported map[string]bool) {
	if !hasMapRule(p) {
		return
	}
	kept := turns()
	if kept.mapped == 0 {
		return
	}
	last := l.LastAllowed()
	for i, e := range l.Entries {
		name := e.Group.Text
		if e.Allow || reported[name] || p.Group(name) == nil || i > last {
			continue // below every allowaccess it would keep nobody out either
		}
		if kept.times[name] == kept.mapped {
			continue
		}
		reported[name] = true
		r.At(e.Group.Span, "this release does not apply denyaccess of %s", name).
			Means("Every member of a mapped group gets in and may submit jobs, in %s or not.", name).
			Do("Write -authgroup=%s at the head of each mapped group.", name).
			As(lint.Warning).About("denyaccess "+name).Relate(p.Mapping.Block.Header().Span, "who is mapped here gets in")
	}
}

// turning says how many groups are mapped, and how many of these turn the members
// of each other group away.
type turning struct {
	mapped int
	times  map[string]int
}

func turningAway(p *access.Policy) turning {
	mapped, times := map[*authgroup.Group]bool{}, map[string]int{}
	for _, m := range p.Mapping.Rules {
		g := p.Group(m.Group.Text)
		if m.Kind == authgroup.MapPolicy || g == nil || mapped[g] {
			continue
		}
		mapped[g] = true
		for name := range turnsAway(g) {
			times[name]++
		}
	}
	return turning{len(mapped), times}
}

// turnsAway are the groups for which a group asks with a minus sign before it makes
// anybody a member.
func turnsAway(g *authgroup.Group) map[string]bool {
	names := map[string]bool{}
	for _, rule := range g.Rules {
		if t, ok := rule.Test.(*authgroup.Groups); ok && rule.Negative && !rule.Inverted {
			for _, name := range t.Names {
				names[name.Text] = true
			}
		}
		if rule.Positive() {
			break
		}
	}
	return names
}
