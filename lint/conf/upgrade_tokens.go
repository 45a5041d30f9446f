package conf

import (
	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var upgradeTokens = &lint.Rule{
	ID:    "conf/upgrade-tokens",
	Title: "The release of --target reads tokens, or rules on them, in another way",
	Why: "ARC 6 looks at tokens only where arc.conf has the block [authtokens]; ARC 7 always does. Token rules that never counted let people in after the upgrade. " +
		"all=yes, or a rule with `!`, then matches every valid token of every issuer that the CE can reach. ARC 6 looks at the first audience of a token only, ARC 7 at all. " +
		"ARC 7.0.0 refuses a token with several scopes where tokenscopes is set, and compares the name of a claim with the pattern of `~`. ARC 7.2.0 does neither.",
	Source:   "arc-behaviour B9, S6, A4, A11, A12",
	Impact:   lint.Intrusion,
	Risk:     lint.Moderate,
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
		r.At(rule.Keyword.Span, "on ARC %s this rule matches tokens too", version).As(lint.Error).Impacts(lint.Intrusion, lint.Critical).About(about).
			Means("No token counts today. After the upgrade every valid token matches, of every issuer that the CE can reach.").
			Do("Before the upgrade, write a rule that names who is meant.")
	case tokens:
		r.At(rule.Keyword.Span, "this rule lets holders of tokens in on ARC %s", version).About(about).
			Means("No token counts today, because arc.conf has no [authtokens].").
			Do("Before the upgrade, remove the rule, unless they are to get in.")
	}
}

// reportAudience speaks once: it is one change of meaning for all rules.
func reportAudience(r *lint.Reporter, p *access.Policy, version string) {
	for _, rule := range authgroup.Rules[*authgroup.Tokens](p.Document) {
		if t := rule.Test; t.Missing == "" && !t.Audience.Any() {
			r.At(t.Audience.Span, "ARC %s looks at every audience of a token", version).As(lint.Note).Impacts(lint.Intrusion, lint.Low).Offer().About("audience").
				Means("ARC 6 looks at the first one only. After the upgrade, tokens for this CE and others match.").
				Do("Check that these tokens are meant to match.")
			return
		}
	}
}

// reportScopes: a token with several scopes was refused whatever they were.
func reportScopes(s *site.Site, r *lint.Reporter, version string) {
	if o := s.Conf.Block("arex").First("tokenscopes"); o != nil && access.Model(s).Limits() {
		r.At(o.Value.Span, "ARC %s accepts tokens with several scopes", version).Impacts(lint.Intrusion, lint.Low).Offer().About("tokenscopes").
			Means("ARC 7.0.0 refuses them here. After the upgrade they get in, if these scopes are among theirs.").
			Do("Check that these tokens are meant to get in.")
	}
}

// reportNegations: an expression with "!" lets nobody in on a release that cannot
// evaluate one, and whom it does not exclude on one that can (arc-behaviour A11).
func reportNegations(r *lint.Reporter, p *access.Policy, version string) {
	for _, rule := range authgroup.Rules[*authgroup.Expression](p.Document) {
		if rule.Test.Fatal && rule.Test.Err == nil && !rule.Negative {
			r.At(rule.Keyword.Span, "ARC %s evaluates the `!` of this expression", version).As(lint.Error).Offer().
				About("negation " + rule.Group.Name + " " + rule.Option.Value.Text).
				Means("ARC 7.0.0 closes the connection of everybody with a token at this rule. After the upgrade every token passes that the `!` does not exclude.").
				Do("Before the upgrade, try which tokens it matches.")
		}
	}
}

// reportPatterns: a pattern was compared with what nobody meant.
func reportPatterns(r *lint.Reporter, p *access.Policy, version string) {
	for _, rule := range authgroup.Rules[*authgroup.Expression](p.Document) {
		for _, c := range rule.Test.Comparisons {
			if c.Regexp {
				r.At(rule.Keyword.Span, "ARC %s compares the value of the claim with this pattern", version).Offer().
					About(rule.Group.Name + " " + rule.Option.Value.Text).
					Means("ARC 7.0.0 compares the name of the claim. After the upgrade other people match.").
					Do("Before the upgrade, try the expression on a token.")
				break
			}
		}
	}
}
