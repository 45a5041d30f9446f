package authz

import (
	"sync"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var noMapping = &lint.Rule{
	ID:    "authz/no-mapping",
	Title: "Users who may get in are given no account",
	Why: "Users whom [mapping] gives no account are refused, with status 500 on ARC 7 and 403 on ARC 6. Where [arex] user is not root they get its account. " +
		"The first rule whose group the user is in decides. After policy_on_nogroup=stop that is the first rule at all. " +
		"After policy_on_map=continue an account that was found is dropped, unless a later rule stops.",
	Source:   "arc-behaviour B8, B11; src/hed/shc/legacy/unixmap.cpp and LegacyMap.cpp (policy_on_map read only)",
	Impact:   lint.Outage,
	Facts:    []string{"B8", "B11"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `Write a line for each group that may submit jobs, and make its account. On
ARC 6, write none for other groups: whoever has an account gets in.

    [mapping]
    map_to_user=dune dune:dune

If the finding is at policy_on_map or policy_on_nogroup, remove that line, or
write the other value:

    [mapping]
    policy_on_nogroup=continue
    policy_on_map=stop
    map_to_user=dune dune:dune

See which account each group gets:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		if p.Mapping == nil {
			return // conf/missing-block speaks of it
		}
		if user, _ := p.ServiceAccount(); user != "" {
			return // the account of A-REX is taken
		}
		if !hasMapRule(p) {
			f := r.At(p.Mapping.Block.Header().Span, "[mapping] has no rule").Means("Nobody gets an account, so nobody gets in.").
				Do("Write a rule for each authgroup that may submit jobs.")
			if s.Release.StrictStart && len(p.Mapping.Block.Options) == 0 {
				f.Means(noStart6)
			}
			return
		}
		checkUnmapped(p, r)
		checkPolicies(p, r)
	},
}

func hasMapRule(p *access.Policy) bool {
	for _, m := range p.Mapping.Rules {
		if m.Kind != authgroup.MapPolicy {
			return true
		}
	}
	return false
}

// checkUnmapped looks for groups that are admitted and that no rule of
// [mapping] names. Their members may be in a mapped group too: only rules that
// cover theirs, or that everybody matches, show it.
func checkUnmapped(p *access.Policy, r *lint.Reporter) {
	l := p.List(authgroup.JobsBlock)
	if l == nil || p.Mapping.Hides() {
		return
	}
	lines := sync.OnceValue(p.Mapping.Readable)
	seen := map[string]bool{}
	for _, e := range l.Entries {
		name := e.Group.Text
		if !e.Allow || seen[name] || !p.Defined(name) {
			continue
		}
		seen[name] = true
		if p.Maps(name) != nil || mappedElsewhere(p, name) {
			continue
		}
		f := r.At(e.Group.Span, "authgroup %s is admitted, and no rule of [mapping] names it", name).
			Means("Unless its members are in a mapped group too, they get no account and are refused.").Do("Write a map_to_user for it.").
			As(lint.Warning).About(name).Relate(p.Mapping.Block.Header().Span, "no rule here names it")
		for _, line := range lines()[name] {
			f.RestOn(line)
		}
	}
}

// mappedElsewhere says whether every rule that makes members of the group is
// covered by one of a mapped group.
func mappedElsewhere(p *access.Policy, name string) bool {
	g := p.Group(name)
	if g == nil {
		return true // known by a name= only
	}
	for _, rule := range g.Rules {
		if rule.Positive() && !p.MappedAnyway(rule) {
			return false
		}
	}
	return true
}

// checkPolicies looks for policies under which rules cannot do what they say.
func checkPolicies(p *access.Policy, r *lint.Reporter) {
	var dropped, noGroup, first *authgroup.MapRule
	for _, m := range p.Mapping.Rules {
		switch {
		case m.Kind != authgroup.MapPolicy && noGroup != nil && first != nil:
			reportNoGroup(p, r, noGroup, first, m)
			noGroup = nil
		case m.Kind != authgroup.MapPolicy:
			first = m
		case m.Option.Name.Text == "policy_on_map":
			dropped = nil
			if m.Group.Text == "continue" {
				dropped = m
			}
		case m.Option.Name.Text == "policy_on_nogroup":
			if noGroup = nil; m.Group.Text == "stop" {
				noGroup, first = m, nil
			}
		}
	}
	if dropped != nil {
		r.At(dropped.Option.Line, "%s holds to the end of [mapping]", dropped.Option.Line.Text()).
			Means("ARC drops an account that was found and goes on. Without a rule that stops, the user gets none.").
			Do("Write policy_on_map=stop, or remove the line.").About("policy_on_map")
	}
}

// reportNoGroup speaks of the first rules below policy_on_nogroup=stop: who is not in
// the group of the first one comes no further.
func reportNoGroup(p *access.Policy, r *lint.Reporter, policy, first, second *authgroup.MapRule) {
	whom := "nobody"
	if p.GoesOn(first) {
		whom = "members of that group alone"
	}
	r.At(policy.Option.Line, "%s ends the search at the first rule below it", policy.Option.Line.Text()).
		Means("A user who is not in the group of that rule gets no account. The rules after it map %s.", whom).
		Do("Write policy_on_nogroup=continue, or remove the line.").
		As(lint.Warning).About("policy_on_nogroup").Relate(second.Option.Line, "the rule after it")
}
