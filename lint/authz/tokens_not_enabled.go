package authz

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var tokensNotEnabled = &lint.Rule{
	ID:       "authz/tokens-not-enabled",
	Title:    "There are token rules and no block [authtokens]",
	Why:      "ARC 6 looks at tokens only where arc.conf has the block [authtokens], which may be empty. Without it the token rules never match. ARC 7 needs no such block.",
	Source:   "arc-behaviour B9",
	Facts:    []string{"B9"},
	Severity: lint.Error,
	Where:    func(r site.Release) bool { return r.TokensNeedBlock },
	Recipe:   "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		rules := authgroup.Rules[*authgroup.Tokens](p.Document)
		if p.TokensCount() || len(rules) == 0 {
			return
		}
		end := s.Conf.Main.Line(s.Conf.Main.Lines())
		block := "[authtokens]\n"
		if end.Start < end.End {
			block = end.Text() + "\n" + block
		}
		r.At(rules[0].Keyword.Span, "there is no block [authtokens], want one, which may be empty: ARC 6 does not look at tokens without it, so no token rule matches").
			Fix(authgroup.Field{Span: end}.Replace(block))
	},
}
