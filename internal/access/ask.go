package access

import (
	"regexp"
	"slices"

	"arclint/internal/authgroup"
)

// test asks what a rule asks.
func (q *query) test(t authgroup.Test) answer {
	switch t := t.(type) {
	case *authgroup.All:
		return askAll(t)
	case *authgroup.Subject:
		return q.askSubject(t)
	case *authgroup.File:
		return q.askFile(t)
	case *authgroup.VOMS:
		return q.askVOMS(t)
	case *authgroup.Tokens:
		return q.askTokens(t)
	case *authgroup.Expression:
		return q.askExpression(t)
	case *authgroup.Groups:
		return q.askGroups(t)
	case *authgroup.UserLists:
		return q.askUserLists(t)
	case *authgroup.Plugin:
		return q.askPlugin(t)
	case *authgroup.Computed:
		return q.askComputed(t)
	}
	return fail("ARC does not know the rule").by(factFields)
}

func askAll(t *authgroup.All) answer {
	switch t.Argument.Text {
	case "yes":
		return yes("matches everybody")
	case "no":
		return no("matches nobody")
	}
	return fail("all takes yes or no")
}

func (q *query) askSubject(t *authgroup.Subject) answer {
	switch {
	case t.DN.Text == "" || q.subject == "":
		return no("no subject")
	case t.DN.Text == q.subject:
		return yes("the subject is this one").by(q.subjectFact())
	}
	return no("the subject is %q", q.subject)
}

// subjectFact: the reference has certificates in mind, and tokens match as well.
func (q *query) subjectFact() fact {
	if q.identity.Subject == "" {
		return factTokenDN
	}
	return factSubject
}

func (q *query) askFile(t *authgroup.File) answer {
	listed, known := q.policy.listed(t.Path.Text, q.subject)
	if !known && q.policy.MayList(t.Path.Text) {
		if q.subject == "" {
			return no("no subject")
		}
		listed = q.wonder(OnFile, t.Path.Span, false, "whether %s lists the subject", t.Path.Text)
		return guess(listed, "the file cannot be seen here")
	}
	switch {
	case !known:
		return fail("the file cannot be read").by(factFields)
	case listed:
		return yes("the file lists the subject").by(q.subjectFact())
	}
	return no("the file does not list the subject")
}

// guess is the answer of a test that nobody can make here.
func guess(matches bool, format string, args ...any) answer {
	a := no(format, args...)
	if matches {
		a.result = positive
	}
	a.unknown = true
	return a
}

// MayList says whether the CE may read a list that is not to be read here.
func (p *Policy) MayList(path string) bool {
	m := p.tables.lists().files[path]
	return m != nil && p.notSeen(m.Path, m.Err)
}

// listed says whether a list of subjects has this one; known is false where the
// list cannot be read.
func (p *Policy) listed(path, subject string) (listed, known bool) {
	lists := p.tables.lists()
	if m := lists.files[path]; m == nil || m.Err != nil {
		return false, false
	}
	return lists.entries[listEntry{path, subject}] != nil, true
}

func (q *query) askVOMS(t *authgroup.VOMS) answer {
	if len(q.attributes) == 0 {
		return no("no VOMS attributes").by(factPlain)
	}
	if t.Missing != "" {
		return fail("the %s is missing", t.Missing)
	}
	if len(t.Extra) > 0 {
		return fail("more than four fields")
	}
	for _, text := range q.attributes {
		f := parseFQAN(text)
		if !f.none && equal(t.VO, f.vo) && equal(t.Group, f.group) && equal(t.Role, f.role) && equal(t.Capability, f.capability) {
			return yes("%s matches", text)
		}
	}
	return no("no attribute matches")
}

// equal compares as ARC compares every field: exactly, or with "*" as a whole
// (arc-behaviour A2).
func equal(f authgroup.Field, value string) bool { return f.Any() || f.Text == value }

func (q *query) askTokens(t *authgroup.Tokens) answer {
	c := q.tokens
	if c == nil {
		return no("no token")
	}
	if t.Missing != "" {
		return fail("the %s is missing", t.Missing).by(factFields)
	}
	switch {
	case !equal(t.Issuer, c.first("iss")):
		return no("iss is %q", c.first("iss")).by(factIssuer)
	case !equal(t.Subject, c.first("sub")):
		return no("sub is %q", c.first("sub")).by(factTokens)
	case !q.hasAudience(t):
		return q.wrongAudience()
	case !among(t.Scope, scopesOf(c.all("scope"))):
		return no("scope is %q", c.first("scope")).by(factScope)
	case !among(t.Group, c.all("wlcg.groups")):
		return no("wlcg.groups is %q", c.all("wlcg.groups")).by(factGroup)
	}
	return yes("all five fields match").by(factTokens)
}

func (q *query) wrongAudience() answer {
	all := q.tokens.all("aud")
	if len(all) > 1 && !q.policy.site.Release.AllAudiences {
		return no("aud is %q, of which ARC 6 looks at the first", all).by(factAudience6)
	}
	return no("aud is %q", all).by(factAudience6)
}

// hasAudience looks at those elements of aud at which the release looks, one of
// which counts as empty where there is none (arc-behaviour A4).
func (q *query) hasAudience(t *authgroup.Tokens) bool {
	release, all := q.policy.site.Release, q.tokens.all("aud")
	if len(all) > 1 && !release.AllAudiences {
		all = all[:1]
	}
	if len(all) == 0 && release.EmptyAudience {
		return equal(t.Audience, "")
	}
	return among(t.Audience, all)
}

func among(f authgroup.Field, values []string) bool {
	return f.Any() || slices.Contains(values, f.Text)
}

func (q *query) askExpression(e *authgroup.Expression) answer {
	if q.tokens == nil {
		return no("no token")
	}
	if e.Fatal {
		q.closed = true
		because := factNegation700
		if e.Err != nil {
			because = factExpression
		}
		return fail("ARC 7.0.0 cannot evaluate it and closes the connection").by(because)
	}
	if e.Err != nil {
		return fail("%v", e.Err).by(factExpression)
	}
	matched, err := q.policy.matches(e, q.tokens)
	switch {
	case err != nil:
		return fail("%v", err).by(factExpression)
	case matched:
		return yes("the expression is true").by(expressionFact(e))
	}
	return no("the expression is false").by(expressionFact(e))
}

// expressionFact: 7.0.0 reads patterns in a way of its own.
func expressionFact(e *authgroup.Expression) fact {
	if e.ByName && slices.ContainsFunc(e.Comparisons, func(c authgroup.Comparison) bool { return c.Regexp }) {
		return factPattern700
	}
	return factExpression
}

func (q *query) askGroups(t *authgroup.Groups) answer {
	for _, id := range q.names.named[t] {
		if q.has(id) {
			q.via = id
			return answer{result: positive, reason: "member of %s", args: q.names.said[id], fact: factNested}
		}
	}
	return no("member of none of these so far").by(factNested)
}

func (q *query) askUserLists(t *authgroup.UserLists) answer {
	if !q.policy.site.Release.UserLists {
		return no("this release drops [userlist] blocks").by(factUserlist7)
	}
	for _, name := range t.Names {
		if q.inUserList(name.Text, q.group.Block) {
			return yes("the list %s has the subject", name.Text)
		}
	}
	return no("none of these lists has the subject")
}

func (q *query) askPlugin(t *authgroup.Plugin) answer {
	if t.Limitless() {
		return no("there is no time limit in seconds, or no command behind it, so ARC runs nothing").by(factPlugin)
	}
	known := q.policy.plugin(t)
	if known.gone {
		return no("%s does not exist, so ARC cannot run the plugin", known.program)
	}
	matches := q.wonder(OnPlugin, t.At, false, "whether the plugin %q says yes", known.said...)
	return guess(matches, "nobody can know the answer of a plugin without running it")
}

// askComputed cannot know what the rule asks for. It can make nobody a member who has
// nothing that a rule of its kind looks at.
func (q *query) askComputed(t *authgroup.Computed) answer {
	switch {
	case slices.Contains([]string{"authtokens", "authtokensgen"}, t.Keyword) && q.tokens == nil:
		return no("no token")
	case t.Keyword == "voms" && len(q.attributes) == 0:
		return no("no VOMS attributes").by(factPlain)
	case slices.Contains([]string{"subject", "userlist"}, t.Keyword) && q.subject == "":
		return no("no subject")
	case t.Keyword == "authgroup" && len(q.joined) == 0:
		return no("member of no authgroup so far").by(factNested)
	}
	value := t.At.Text()
	if q.wonder(OnValue, t.At, false, "whether %s=%s matches the client: %s", t.Keyword, value, t.Why) {
		return guess(true, "%s", t.Why).by(factComputed)
	}
	if t.Keyword == "authtokensgen" && q.policy.site.Release.ExpressionsBare && q.wonder(OnValue, t.At, false,
		"whether ARC 7.0.0 closes the connection of everybody who sends a token, as it cannot evaluate %s=%s: %s", t.Keyword, value, t.Why) {
		q.closed = true
	}
	if t.MayFail() && q.wonder(OnValue, t.At, false, "whether %s=%s is a rule that ARC cannot read: %s", t.Keyword, value, t.Why) {
		a := fail("%s", t.Why).by(factComputed)
		a.unknown = true
		return a
	}
	return guess(false, "%s", t.Why).by(factComputed)
}

// matches says whether the expression is true of these claims. A pattern that
// cannot be compiled matches nothing, which ARC does not report either.
func (p *Policy) matches(e *authgroup.Expression, c *Claims) (bool, error) {
	return e.Truth(func(cmp authgroup.Comparison) bool {
		if !c.has(cmp.Claim.Text) {
			return false
		}
		values := c.compared(cmp.Claim.Text)
		if !cmp.Regexp {
			return slices.Contains(values, cmp.Value.Text)
		}
		if e.ByName && len(values) > 0 {
			values = []string{cmp.Claim.Text}
		}
		re := p.compiled(cmp.Value.Text)
		return re != nil && slices.ContainsFunc(values, func(v string) bool { return covers(re, v) })
	})
}

// compared are the values with which an expression compares a claim. Of one that is
// called iss+sub ARC computes the value, whatever stands in the token: the issuer, a
// slash and the subject (getAll in hed/shc/otokens/OTokensSH.cpp).
func (c *Claims) compared(name string) []string {
	if name != "iss+sub" || !c.has(name) {
		return c.all(name)
	}
	if iss, sub := c.first("iss"), c.first("sub"); iss != "" && sub != "" {
		return []string{iss + "/" + sub}
	}
	return nil
}

// compiled is the pattern ready for use, nil for one that cannot be compiled.
func (p *Policy) compiled(pattern string) *regexp.Regexp {
	if re, ok := p.regexps.Load(pattern); ok {
		return re.(*regexp.Regexp)
	}
	re, err := regexp.CompilePOSIX(pattern)
	if err != nil {
		re = nil
	}
	p.regexps.Store(pattern, re)
	return re
}

// covers says whether the pattern matches the whole value in the way of
// ArcRegex.cpp: it walks over the groups and asks that the last one that took
// part ends where the value ends.
func covers(re *regexp.Regexp, v string) bool {
	match := re.FindStringSubmatchIndex(v)
	if match == nil {
		return false
	}
	at := 0
	for i := 0; i < len(match) && match[i] >= 0; i += 2 {
		if match[i] > at {
			return false
		}
		at = match[i+1]
	}
	return at == len(v)
}

// MatchesName says whether 7.0.0 takes a pattern for a match wherever the claim is
// there: it compares the pattern with the name (arc-behaviour A11).
func (p *Policy) MatchesName(c authgroup.Comparison) bool {
	re := p.compiled(c.Value.Text)
	return re != nil && covers(re, c.Claim.Text)
}
