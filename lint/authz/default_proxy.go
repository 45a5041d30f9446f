package authz

import (
	"errors"
	"io/fs"

	"arclint/internal/access"
	"arclint/internal/site"
	"arclint/lint"
)

var defaultProxy = &lint.Rule{
	ID:    "authz/default-proxy",
	Title: "Every job asks for a proxy, and those of token users have none",
	Why: "The runtime environment ENV/PROXY copies the proxy certificate of a job into its session directory. A job that was submitted with a token alone has none. " +
		"Where ENV/PROXY is a default, every job gets it without asking, and those of token users are let in and fail before they run.",
	Source:   "/usr/share/arc/rte/ENV/PROXY of 7.2.0; reported at https://github.com/DIRACGrid/DIRAC/issues/7908",
	Impact:   lint.Outage,
	Severity: lint.Warning,
	Effect:   "A job of a token user has no proxy to copy, and fails.",
	Action:   "Remove ENV/PROXY from the defaults.",
	Recipe:   lint.Manual,
	ByHand: `Take it from the defaults. Leave it enabled, so that jobs with a proxy can ask
for it:

    arcctl rte undefault ENV/PROXY
    arcctl rte list

Tell users of proxies to name it in their job descriptions.`,
	Check: func(s *site.Site, r *lint.Reporter) {
		n, looked := s.NamedPath(s.DefaultProxy())
		rules := tokenRules(access.Model(s))
		if !looked || errors.Is(n.Err, fs.ErrNotExist) || len(rules) == 0 || !access.Model(s).TokensCount() {
			return
		}
		r.Path(s.DefaultProxy(), "every job gets ENV/PROXY").
			Relate(rules[0].all.Span, "token users get in here")
	},
}
