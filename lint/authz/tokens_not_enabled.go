package authz

import (
	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var tokensNotEnabled = &lint.Rule{
	ID:       "authz/tokens-not-enabled",
	Title:    "There are token rules and no block [authtokens]",
	Why:      "ARC 6 looks at tokens only where arc.conf has the block [authtokens], which may be empty. Without it the token rules never match. ARC 7 needs no such block.",
	Source:   "arc-behaviour B9",
	Impact:   lint.Outage,
	Facts:    []string{"B9"},
	Severity: lint.Error,
	Effect:   "ARC 6 looks at no token without it, so that no token rule matches.",
	Action:   "Add the block; it may be empty.",
	Where:    func(r site.Release) bool { return r.TokensNeedBlock },
	Recipe:   "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		if p.TokensCount() {
			return
		}
		if rules := authgroup.Rules[*authgroup.Tokens](p.Document); len(rules) > 0 {
			r.At(rules[0].Keyword.Span, "there is no block [authtokens]").Fix(tokensBlock(s))
			return
		}
		if d, ok := listedToken(s); ok {
			r.At(d.Rule.Option.Value.Span, "there is no block [authtokens]").
				Means("ARC 6 looks at no token without it. Therefore %s do not get in.", d.Who).
				About(d.Rule.Group.Name).Fix(tokensBlock(s))
		}
	},
}

// tokensBlock adds the block at the end of arc.conf.
func tokensBlock(s *site.Site) source.Edit {
	end := s.Conf.Main.Line(s.Conf.Main.Lines())
	block := "[authtokens]\n"
	if end.Start < end.End {
		block = end.Text() + "\n" + block
	}
	return authgroup.Field{Span: end}.Replace(block)
}

// listedToken finds a rule that takes in token users by their subjects, or by a list
// of subjects (arc-behaviour A10).
func listedToken(s *site.Site) (admission.Door, bool) {
	for _, d := range admission.Doors(s).Doors {
		switch d.Rule.Test.(type) {
		case *authgroup.Subject, *authgroup.File, *authgroup.UserLists:
			if d.Issuer != "" && !d.Rule.Inverted && !d.Beside() {
				return d, true
			}
		}
	}
	return admission.Door{}, false
}
