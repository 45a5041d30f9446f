package conf

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeTokens = &lint.Rule{
	ID:    "conf/upgrade-tokens",
	Title: "The release of --target reads tokens, or rules on them, otherwise than that of today",
	Why: "ARC 6 looks at tokens only where arc.conf has the block [authtokens]; ARC 7 always does. Token rules that never counted let people in after the upgrade, and all=yes or a rule with `!` " +
		"then takes in every valid token of every issuer that the CE can reach. ARC 6 looks at the first audience of a token only, ARC 7 at all. " +
		"ARC 7.0.0 refuses a token with several scopes where tokenscopes is set, and compares the name of a claim with the pattern of `~`; ARC 7.2.0 does neither.",
	Source:   "arc-behaviour B9, S6, A4, A11, A12",
	Facts:    []string{"B9", "S6", "A4", "A11", "A12"},
	Severity: lint.Warning,
	Upgrade:  true,
	Recipe:   "upgrade",
	ByHand: `Compare who gets in today and who gets in after the upgrade:

    arclint access
    arclint access --arc-version 7.2.0

Name the issuer, this CE as the audience and a scope in each rule on tokens.
Replace all=yes and a rule with ! in the same group.

    [authgroup:dune]
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

Try the claims of a token of the VO:

    arclint whoami --arc-version 7.2.0 --claims claims.json

See what is left:

    arclint check --target 7.2.0`,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		version := s.Target.Release.Version
		if !p.TokensCount() {
			if s.Target.Release.TokensNeedBlock {
				return
			}
			for _, g := range p.Groups {
				for _, rule := range g.Rules {
					reportAwoken(r, rule, version)
				}
			}
			return
		}
		was, will := s.Release, s.Target.Release
		if !was.AllAudiences && will.AllAudiences {
			reportAudience(r, p, version)
		}
		if was.Scopes.Whole() && !will.Scopes.Whole() {
			reportScopes(s, r, version)
		}
		if was.ExpressionsBare && !will.ExpressionsBare {
			reportNegations(r, p, version)
		}
		if was.PatternsOnNames && !will.PatternsOnNames {
			reportPatterns(r, p, version)
		}
	},
}

// reportAwoken: without the block [authtokens] no rule has seen a token so far.
func reportAwoken(r *lint.Reporter, rule *authgroup.Rule, version string) {
	if rule.Negative {
		return
	}
	about := rule.Group.Name + " " + rule.Option.Name.Text + " " + rule.Option.Value.Text
	_, tokens := rule.Test.(*authgroup.Tokens)
	switch {
	case rule.Everybody() || rule.Inverted:
		r.At(rule.Keyword.Span, "ARC %s asks holders of tokens too, and this rule takes in every valid token of every issuer that the CE can reach, want a rule that names who is meant: today no token counts", version).
			As(lint.Error).About(about)
	case tokens:
		r.At(rule.Keyword.Span, "no token counts today, for want of [authtokens], and on ARC %s this rule lets holders of such tokens in, want it meant or removed before the upgrade", version).
			About(about)
	}
}

// reportAudience speaks once: it is one change of meaning for all rules.
func reportAudience(r *lint.Reporter, p *access.Policy, version string) {
	for _, rule := range authgroup.Rules[*authgroup.Tokens](p.Document) {
		if t := rule.Test; t.Missing == "" && !t.Audience.Any() {
			r.At(t.Audience.Span, "ARC %s looks at every audience of a token, and ARC 6 at the first one, want that meant: tokens for this CE and others match from then on", version).
				As(lint.Note).Offer().About("audience")
			return
		}
	}
}

// reportScopes: a token with several scopes was refused whatever they were.
func reportScopes(s *site.Site, r *lint.Reporter, version string) {
	if o := s.Conf.Block("arex").First("tokenscopes"); o != nil && access.Model(s).Limits() {
		r.At(o.Value.Span, "ARC 7.0.0 refuses tokens with more than one scope here, and ARC %s looks for these among them, want that meant: such tokens get in from then on", version).
			Offer().About("tokenscopes")
	}
}

// reportNegations: an expression with "!" lets nobody in on a release that cannot
// evaluate one, and whom it does not exclude on one that can (arc-behaviour A11).
func reportNegations(r *lint.Reporter, p *access.Policy, version string) {
	for _, rule := range authgroup.Rules[*authgroup.Expression](p.Document) {
		if rule.Test.Fatal && rule.Test.Err == nil && !rule.Negative {
			r.At(rule.Keyword.Span, "ARC 7.0.0 closes the connection of everybody with a token at this expression with a `!`, and ARC %s evaluates it, want whom it takes in then tried before the upgrade: every token passes that the `!` does not exclude", version).
				As(lint.Error).Offer().About("negation " + rule.Group.Name + " " + rule.Option.Value.Text)
		}
	}
}

// reportPatterns: a pattern was compared with what nobody meant.
func reportPatterns(r *lint.Reporter, p *access.Policy, version string) {
	for _, rule := range authgroup.Rules[*authgroup.Expression](p.Document) {
		for _, c := range rule.Test.Comparisons {
			if c.Regexp {
				r.At(rule.Keyword.Span, "ARC 7.0.0 compares the name of the claim with this pattern, and ARC %s its value, want the expression tried on a token before the upgrade: other people match", version).
					Offer().About(rule.Group.Name + " " + rule.Option.Value.Text)
				break
			}
		}
	}
}
