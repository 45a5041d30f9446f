package conf

import (
	"slices"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeAccess = &lint.Rule{
	ID:    "conf/upgrade-access",
	Title: "Other people may submit jobs after the upgrade than today",
	Why: "In ARC 6 access is mapping: the list of [arex/ws/jobs] is not applied, and whoever has an account gets in by REST, or by gridftp as the list of [gridftpd/jobs] says. " +
		"ARC 7 applies the list of [arex/ws/jobs], and without any allowaccess there nobody gets in. The rule asks arclint's model of both releases for every authgroup that is mapped, and speaks where the answers differ.",
	Source:   "arc-behaviour S5, B1, B8",
	Facts:    []string{"S5", "B1"},
	Severity: lint.Warning,
	Gains:    func(r site.Release) bool { return r.JobsListEnforced },
	Upgrade:  true,
	Recipe:   "upgrade",
	Check: func(s *site.Site, r *lint.Reporter) {
		today, then := access.Model(s), access.Model(s.Target)
		if today.TooLarge || today.Mapping == nil {
			return // other rules speak of it
		}
		if l := then.List(authgroup.JobsBlock); l != nil && !slices.ContainsFunc(l.Entries, func(e authgroup.Entry) bool { return e.Allow }) {
			r.At(l.Block.Header().Span, "[%s] has no allowaccess, want one for each authgroup that may submit jobs before the upgrade: whoever has a mapping gets in today, and nobody does on ARC %s",
				authgroup.JobsBlock, s.Target.Release.Version).As(lint.Error).About("no list")
			return
		}
		seen := map[string]bool{}
		for _, m := range today.Mapping.Rules {
			name := m.Group.Text
			if m.Kind == authgroup.MapPolicy || seen[name] || !today.Defined(name) {
				continue
			}
			seen[name] = true
			way := wayIn(s, today, name)
			if way == "" || then.Submits(name) {
				continue
			}
			l := then.List(authgroup.JobsBlock)
			if l == nil {
				r.At(m.Group.Span, "members of %s submit jobs by %s today, and ARC %s has no interface for them without [%s], want that block with allowaccess=%s before the upgrade", name, way, s.Target.Release.Version, authgroup.JobsBlock, name).
					As(lint.Error).About(name)
				continue
			}
			f := r.At(m.Group.Span, "members of %s get in by %s today, and ARC %s applies the list of [%s], which does not admit them, want allowaccess=%s there, or the group out of [mapping] if that is meant", name, way, s.Target.Release.Version, authgroup.JobsBlock, name).About(name)
			if _, entry := then.AdmitsAll(l, name); entry != nil {
				f.Relate(entry.Group.Span, "denied here")
			} else {
				f.Relate(l.Block.Header().Span, "this list does not name it")
			}
		}
	},
}

// wayIn is the interface by which members of a group submit jobs to ARC 6, ""
// where there is none. REST goes first.
func wayIn(s *site.Site, p *access.Policy, name string) string {
	if p.Submits(name) {
		return "REST"
	}
	b := s.Conf.Block("gridftpd/jobs")
	if b == nil || p.Maps(name) == nil {
		return ""
	}
	if l := p.List("gridftpd/jobs"); l != nil {
		if admitted, _ := p.AdmitsAll(l, name); !admitted {
			return ""
		}
	}
	return "gridftp"
}
