package authz

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var noAccessList = &lint.Rule{
	ID:    "authz/no-access-list",
	Title: "The job interface admits nobody",
	Why: "ARC 7 admits to [arex/ws/jobs] only members of a group that an allowaccess names. Without such a line nobody gets in, although the validator says that all mapped users do. " +
		"denyaccess alone admits nobody either. ARC 6 does not look at the list.",
	Source:   "arc-behaviour B1, S5",
	Impact:   lint.Outage,
	Facts:    []string{"B1"},
	Severity: lint.Error,
	Action:   "Write an allowaccess for each authgroup that may submit jobs.",
	Recipe:   lint.Manual,
	ByHand: `Write an allowaccess for each group that may submit jobs, one a line, and each
denyaccess above them. Name no group that has a rule all=yes. On ARC 6, give
the same groups an account in [mapping] and no others: it does not apply this
list.

    [arex/ws/jobs]
    denyaccess=banned
    allowaccess=dune

Look who gets in:

    arclint access

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		l := access.Model(s).List(authgroup.JobsBlock)
		if l == nil || l.Allows() {
			return
		}
		for _, line := range l.Lines {
			if line.Value.Text == "" {
				return // conf/empty-value speaks of it
			}
		}
		at := l.Block.Header().Span
		if s.Release.JobsListEnforced {
			r.At(at, "[%s] has no allowaccess", authgroup.JobsBlock).Means("Nobody gets in.")
			return
		}
		if s.Target != nil {
			return // conf/upgrade-access speaks of it
		}
		r.At(at, "[%s] has no allowaccess", authgroup.JobsBlock).Means("ARC 6 lets every mapped user in, ARC 7 nobody.").As(lint.Warning)
	},
}
