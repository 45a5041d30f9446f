package authz

import (
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/lint"
)

var tokenExpression = &lint.Rule{
	ID:    "authz/token-expression",
	Title: "An authtokensgen expression does not do what it says",
	Why: "All operators have the same rank, so that comparisons need brackets around them: `(sub=\"a\") & (iss=\"b\")`. `=` compares with the whole claim or with one element of an array. " +
		"ARC does not split scope into its words. `~` must match the whole value. 7.0.0 compares the pattern of `~` with the name of the claim. " +
		"It closes the connection of everybody who sends a token where an expression has a `!` or a syntax error.",
	Source:   "arc-behaviour A11",
	Impact:   lint.Outage,
	Facts:    []string{"A11"},
	Severity: lint.Error,
	Action:   "Write a complete expression.",
	Where:    func(r site.Release) bool { return r.Expressions },
	Recipe:   lint.Manual,
	ByHand: `Put each comparison in brackets of its own, and close every bracket and quote.
Name claims as tokens have them. Ask for one scope of several in an authtokens
rule, which splits the claim.

    [authgroup:dune]
    authtokensgen=(iss="https://vo.example.org") & (aud="ce.example.org")
    authtokens=* https://vo.example.org https://ce.example.org compute.create *

On ARC 7.0.0, write no ! and no ~. On ARC 7.2.0, write a pattern that covers
the whole value. Ask for the claim itself too, beside a ! before a pattern: a
token without the claim passes that.

    (sub~".+") & !(sub~"robot-.*")

Ask what becomes of a token:

    arclint whoami --claims claims.json

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		p := access.Model(s)
		for _, t := range authgroup.Rules[*authgroup.Expression](s.Access) {
			e := t.Test
			about := t.Group.Name + " " + e.Text.Text
			switch {
			case e.Err != nil && s.Release.ExpressionsBare:
				r.At(e.At, "%v", e.Err).Means(hangsUp).About(about)
				continue
			case e.Err != nil:
				r.At(e.At, "%v", e.Err).Means(failsWithToken).About(about)
				continue
			case e.Fatal:
				r.At(e.Text.Span, "the expression has a `!`").Means(hangsUp).
					Do("Write it without the `!`, or upgrade to ARC 7.2.").About(about)
				continue
			case !e.Sound():
				r.At(e.Text.Span, "the operators do not fit together").
					Means("ARC reads them from the left, whatever they are. The rule fails for everybody with a token.").
					Do("Put each comparison in brackets of its own.").About(about)
				continue
			}
			switch claim, list, ok := e.Contradicts(); {
			case ok && list:
				r.At(e.Text.Span, "the expression asks for two values of sub at once").
					Means("A token has one (RFC 7519 section 4.1.2). %s", effectOfTwo(t.Inverted)).Opens(turnsOpen(t.Rule)).Do(eitherIsEnough).About(about)
			case ok:
				r.At(e.Text.Span, "no token can have what the expression asks of %s", claim.Text).
					Means("%s", lint.MatchesNobody(t.Inverted)).Opens(turnsOpen(t.Rule)).Do(eitherIsEnough).About(about)
			}
			for _, c := range e.Comparisons {
				checkComparison(p, r, e, c)
			}
		}
	},
}

const (
	hangsUp        = "ARC 7.0.0 closes the connection of everybody who sends a token."
	eitherIsEnough = "Write | between comparisons of which one is enough."
)

// effectOfTwo: ARC takes a list for sub as well, which no issuer is to write.
func effectOfTwo(inverted bool) string {
	if inverted {
		return "With the ! it matches everybody but a token whose sub is a list."
	}
	return "The rule matches a token whose sub is a list, and no other."
}

// checkComparison looks at one "claim = value" or "claim ~ pattern".
func checkComparison(p *access.Policy, r *lint.Reporter, e *authgroup.Expression, c authgroup.Comparison) {
	about := c.Claim.Text + " " + c.Value.Text
	if lower := strings.ToLower(c.Claim.Text); lower != c.Claim.Text && isClaim(lower) {
		r.At(c.Claim.Span, "tokens have the claim %s, and the expression says %s", lower, c.Claim.Text).
			Means("An expression compares upper and lower case, and tokens hardly ever have a claim of this name.").Do("Write %s.", lower).
			About(about).Fix(c.Claim.Replace(lower)).Offer("edit-arc-conf")
	}
	switch {
	case c.Regexp && e.ByName:
		f := r.At(c.Value.Span, "ARC 7.0.0 does not compare the pattern with the claim").
			Means("It compares the pattern with the name %q, so that %s.", c.Claim.Text, effectOfName(p, c)).
			Do("Write `=`, or upgrade to ARC 7.2.").About(about)
		if p.MatchesName(c) {
			f.Impacts(lint.Intrusion, lint.Moderate)
		}
	case c.Regexp:
		checkPattern(r, e, c, about)
	case c.Claim.Text == "scope" && !strings.Contains(c.Value.Text, " "):
		r.At(c.Value.Span, "ARC compares scope as a whole").
			Means("A token that has other scopes beside %s does not match.", c.Value.Text).
			Do("Ask for the scope in an authtokens rule, which splits the claim.").
			As(lint.Warning).About(about)
	}
}

// isClaim says whether tokens commonly have a claim of that name.
func isClaim(name string) bool {
	switch name {
	case "sub", "iss", "aud", "scope", "wlcg.groups", "wlcg.ver", "client_id", "email", "groups", "eduperson_entitlement":
		return true
	}
	return false
}

func effectOfName(p *access.Policy, c authgroup.Comparison) string {
	if p.MatchesName(c) {
		return "every token that has the claim matches"
	}
	return "no token matches"
}

func checkPattern(r *lint.Reporter, e *authgroup.Expression, c authgroup.Comparison, about string) {
	switch err := c.PatternError(); {
	case err != nil:
		r.At(c.Value.Span, "the pattern is not a regular expression (%v)", err).
			Means("The comparison is never true, and ARC does not say why.").Do("Correct the pattern.").About(about)
	case groupBeforeEnd(c.Value.Text):
		r.At(c.Value.Span, "text follows the last group of the pattern").
			Means("To ARC it is a match only where that group ends the value.").
			Do("Write the alternatives as comparisons joined by |.").About(about)
	case !strings.ContainsAny(c.Value.Text, `.*+?[](){}|^$\`):
		r.At(c.Value.Span, "the pattern has no special character").
			Means("~ must match the whole value.").Do("Write =, or .* where the value goes on.").As(lint.Note).About(about)
	case e.PassesWithout(c):
		r.At(c.Claim.Span, "a token without %s passes this ! as well", c.Claim.Text).
			Means("To ARC a missing claim is one that does not match.").Impacts(lint.Intrusion, lint.Moderate).Do("Add a comparison that asks for the claim.").
			As(lint.Warning).About(about)
	}
}

// groupBeforeEnd says whether something that takes up text stands behind the
// group that opens last: ARC looks where that one ends.
func groupBeforeEnd(pattern string) bool {
	n := strings.LastIndexByte(pattern, '(')
	if n < 0 || n > 0 && pattern[n-1] == '\\' || strings.LastIndexByte(pattern[:n], '[') > strings.LastIndexByte(pattern[:n], ']') {
		return false
	}
	_, rest, closed := strings.Cut(pattern[n:], ")")
	rest = strings.TrimRight(strings.TrimLeft(rest, "*+?{}0123456789,)"), "$")
	return closed && rest != "" && rest[0] != '|'
}
