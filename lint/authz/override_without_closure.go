package authz

import (
	"arclint/internal/site"
	"arclint/lint"
)

var overrideWithoutClosure = &lint.Rule{
	ID:    "authz/override-without-closure",
	Title: "allownew_override is set without allownew=no",
	Why: "allownew_override excepts groups from allownew=no and does nothing else. Where the CE is not closed for new jobs, every group that gets in may submit, whichever the option names. " +
		"Who may submit in normal times is for allowaccess to say.",
	Source:   "arc.conf.reference [arex/ws/jobs] allownew_override",
	Impact:   lint.Hygiene,
	Severity: lint.Warning,
	Effect:   "Every user who gets in may submit jobs.",
	Action:   "Remove the line, or write allownew=no.",
	Recipe:   lint.Manual,
	ByHand: `Remove the line, if every user who gets in may submit jobs. If the CE is to
take new jobs of some groups only, close it for the others:

    [arex/ws/jobs]
    allownew=no
    allownew_override=dune

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		overrides := s.Access.Overrides()
		if _, closed := s.ClosedToNew(); closed || len(overrides) == 0 {
			return
		}
		r.At(overrides[0].Option.Name.Span, "allownew_override has no effect without allownew=no")
	},
}
