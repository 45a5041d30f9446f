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
	Why: "In ARC 6 access is mapping: the list of [arex/ws/jobs] is not applied. Whoever has an account gets in by REST, or by gridftp as the list of [gridftpd/jobs] says. " +
		"ARC 7 applies the list of [arex/ws/jobs], and without any allowaccess there nobody gets in. " +
		"The rule asks arclint's model of both releases for every authgroup that is mapped, and reports where the answers differ.",
	Source:   "arc-behaviour S5, B1, B8",
	Impact:   lint.Outage,
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
			r.At(l.Block.Header().Span, "[%s] has no allowaccess", authgroup.JobsBlock).As(lint.Error).About("no list").
				Means("Whoever has a mapping gets in today. Nobody gets in on ARC %s.", s.Target.Release.Version).
				Do("Before the upgrade, add allowaccess for each authgroup that may submit jobs.")
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
			l := then.List(authgroup.JobsBlock)
			if way == "" || then.Submits(name) || l != nil && l.Hides() {
				continue
			}
			version := s.Target.Release.Version
			reportShutOut(r.At(m.Group.Span, "members of %s may not submit jobs to ARC %s", name, version).About(name), then, name, way, version)
		}
	},
}

// reportShutOut says why the members of a group do not get in after the upgrade: way is
// how they get in today, then is the access to the target.
func reportShutOut(f *lint.Finding, then *access.Policy, name, way, version string) {
	l := then.List(authgroup.JobsBlock)
	if l == nil {
		f.As(lint.Error).Means("They submit by %s today. ARC %s has no interface for them without [%s].", way, version, authgroup.JobsBlock).
			Do("Before the upgrade, add [%s] with allowaccess=%s.", authgroup.JobsBlock, name)
		return
	}
	f.Means("They get in by %s today. ARC %s applies the list of [%s], which does not admit them.", way, version, authgroup.JobsBlock)
	const orNot = "If not, remove the group from [mapping]."
	if _, entry := then.AdmitsAll(l, name); entry != nil {
		f.Do("If they are to get in, add allowaccess=%s above the line that denies them. %s", name, orNot).Relate(entry.Group.Span, "denied here")
	} else {
		f.Do("If they are to get in, add allowaccess=%s there. %s", name, orNot).Relate(l.Block.Header().Span, "this list does not name it")
	}
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
