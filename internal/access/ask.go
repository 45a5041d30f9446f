package access

import "slices"

func (t *All) ask(*query) answer {
	switch t.Argument.Text {
	case "yes":
		return yes("matches everybody")
	case "no":
		return no("matches nobody")
	}
	return fail("all takes yes or no")
}

func (t *Subject) ask(q *query) answer {
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

func (t *File) ask(q *query) answer {
	listed, known := q.policy.listed(t.Path.Text, q.subject)
	if !known && q.policy.mayList(t.Path.Text) {
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

// mayList says whether the CE may read a list that is not to be read here.
func (p *Policy) mayList(path string) bool {
	for _, m := range p.site.Maps {
		if m.Path == path {
			return p.notSeen(m.Path, m.Err)
		}
	}
	return false
}

// listed says whether a list of subjects has this one; known is false where the
// list cannot be read.
func (p *Policy) listed(path, subject string) (listed, known bool) {
	for _, m := range p.site.Maps {
		if m.Path != path {
			continue
		}
		if m.Err != nil {
			return false, false
		}
		for _, e := range m.Entries {
			if subject != "" && e.Subject.Text == subject {
				return true, true
			}
		}
		return false, true
	}
	return false, false
}

func (t *VOMS) ask(q *query) answer {
	if len(q.identity.FQANs) == 0 {
		return no("no VOMS attributes").by(factPlain)
	}
	if t.Missing != "" {
		return fail("the %s is missing", t.Missing)
	}
	if len(t.Extra) > 0 {
		return fail("more than four fields")
	}
	for _, text := range q.identity.FQANs {
		f := parseFQAN(text)
		if t.VO.is(f.vo) && t.Group.is(f.group) && t.Role.is(f.role) && t.Capability.is(f.capability) {
			return yes("%s matches", text)
		}
	}
	return no("no attribute matches")
}

// is compares as ARC compares every field: exactly, or with "*" as a whole
// (arc-behaviour A2).
func (f Field) is(value string) bool { return f.Any() || f.Text == value }

func (t *Tokens) ask(q *query) answer {
	c := q.tokens
	if c == nil {
		return no("no token")
	}
	if t.Missing != "" {
		return fail("the %s is missing", t.Missing).by(factFields)
	}
	switch {
	case !t.Issuer.is(c.first("iss")):
		return no("iss is %q", c.first("iss")).by(factIssuer)
	case !t.Subject.is(c.first("sub")):
		return no("sub is %q", c.first("sub")).by(factTokens)
	case !t.hasAudience(q):
		return t.wrongAudience(q)
	case !t.Scope.among(scopesOf(c.all("scope"))):
		return no("scope is %q", c.first("scope")).by(factScope)
	case !t.Group.among(c.all("wlcg.groups")):
		return no("wlcg.groups is %q", c.all("wlcg.groups")).by(factGroup)
	}
	return yes("all five fields match").by(factTokens)
}

func (t *Tokens) wrongAudience(q *query) answer {
	all := q.tokens.all("aud")
	if len(all) > 1 && !q.policy.site.Release.Is7() {
		return no("aud is %q, of which ARC 6 looks at the first", all).by(factAudience6)
	}
	return no("aud is %q", all).by(factAudience6)
}

// hasAudience looks at the first element of aud only in 6.x, where a missing
// one counts as empty (arc-behaviour A4).
func (t *Tokens) hasAudience(q *query) bool {
	if q.policy.site.Release.Is7() {
		return t.Audience.among(q.tokens.all("aud"))
	}
	return t.Audience.is(q.tokens.first("aud"))
}

func (f Field) among(values []string) bool { return f.Any() || slices.Contains(values, f.Text) }

func (e *Expression) ask(q *query) answer {
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
	matched, err := e.matches(q.tokens)
	switch {
	case err != nil:
		return fail("%v", err).by(factExpression)
	case matched:
		return yes("the expression is true").by(e.fact())
	}
	return no("the expression is false").by(e.fact())
}

// fact: 7.0.0 reads patterns in a way of its own.
func (e *Expression) fact() fact {
	if e.asName && slices.ContainsFunc(e.Comparisons, func(c Comparison) bool { return c.Regexp }) {
		return factPattern700
	}
	return factExpression
}

func (t *Groups) ask(q *query) answer {
	for _, name := range t.Names {
		if slices.Contains(q.groups, name.Text) {
			q.via = name.Text
			return yes("member of %s", name.Text).by(factNested)
		}
	}
	return no("member of none of these so far").by(factNested)
}

func (t *UserLists) ask(q *query) answer {
	if q.policy.site.Release.Is7() {
		return no("this release drops [userlist] blocks").by(factUserlist7)
	}
	for _, name := range t.Names {
		if q.inUserList(name.Text, q.group.Block) {
			return yes("the list %s has the subject", name.Text)
		}
	}
	return no("none of these lists has the subject")
}

func (t *Plugin) ask(q *query) answer {
	matches := q.wonder(OnPlugin, t.At, false, "whether the plugin %q says yes", commandOf(t.Command))
	return guess(matches, "nobody can know the answer of a plugin without running it")
}

func (t *Rename) ask(*query) answer { return no("no test") }

func (t *Unknown) ask(*query) answer { return fail("ARC does not know the rule").by(factFields) }
