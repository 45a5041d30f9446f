package authz

import (
	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/lint"
)

var accessListIgnored = &lint.Rule{
	ID:    "authz/access-list-ignored",
	Title: "The access list of [arex/ws/jobs] is not applied, and it would keep someone out",
	Why: "ARC 6 does not look at allowaccess and denyaccess of [arex/ws/jobs] when a request comes by its REST interface: whoever [mapping] gives an account gets in and may submit jobs. " +
		"Access is mapping there. Only the lists of [queue:...] blocks are applied, at submission.",
	Source:   "arc-behaviour S5",
	Facts:    []string{"S5"},
	Severity: lint.Error,
	Until:    "7.0.0",
	Recipe:   lint.Manual,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		l := p.List(access.JobsBlock)
		if l == nil || len(l.Entries) == 0 || p.Mapping == nil {
			return
		}
		seen := map[string]bool{}
		for _, m := range p.Mapping.Rules {
			name := m.Group.Text
			if m.Kind == access.MapPolicy || seen[name] || !p.Defined(name) {
				continue
			}
			seen[name] = true
			admitted, entry := l.Admits(p.Holders(name)...)
			if admitted || p.MadeOfAdmitted(l, name) {
				continue
			}
			f := r.At(m.Group.Span, "authgroup %s is mapped, and the access list of [%s] does not admit it, want it out of [mapping]: this release does not apply the list, so that its members get in and may submit jobs", name, access.JobsBlock).About(name)
			if entry != nil {
				f.Relate(entry.Group.Span, "denied here, without effect")
			} else {
				f.Relate(l.Block.Header().Span, "this list does not name it")
			}
		}
	},
}
