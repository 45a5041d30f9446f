package access

import (
	"slices"
	"strings"
)

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
		return yes("the subject is this one")
	}
	return no("the subject is %q", q.subject)
}

func (t *File) ask(q *query) answer {
	listed, known := q.policy.listed(t.Path.Text, q.subject)
	switch {
	case !known:
		return fail("the file cannot be read")
	case listed:
		return yes("the file lists the subject")
	}
	return no("the file does not list the subject")
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
		return no("no VOMS attributes")
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
		return fail("the %s is missing", t.Missing)
	}
	switch {
	case !t.Issuer.is(c.first("iss")):
		return no("iss is %q", c.first("iss"))
	case !t.Subject.is(c.first("sub")):
		return no("sub is %q", c.first("sub"))
	case !t.hasAudience(q):
		return no("aud is %q", c.all("aud"))
	case !t.Scope.among(scopesOf(c.all("scope"))):
		return no("scope is %q", c.first("scope"))
	case !t.Group.among(c.all("wlcg.groups")):
		return no("wlcg.groups is %q", c.all("wlcg.groups"))
	}
	return yes("all five fields match")
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
		return fail("ARC 7.0.0 cannot evaluate it and closes the connection")
	}
	if e.Err != nil {
		return fail("%v", e.Err)
	}
	matched, err := e.matches(q.tokens)
	switch {
	case err != nil:
		return fail("%v", err)
	case matched:
		return yes("the expression is true")
	}
	return no("the expression is false")
}

func (t *Groups) ask(q *query) answer {
	for _, name := range t.Names {
		if slices.Contains(q.groups, name.Text) {
			return yes("member of %s", name.Text)
		}
	}
	return no("member of none of these so far")
}

func (t *UserLists) ask(q *query) answer {
	if q.policy.site.Release.Is7() {
		return no("this release drops [userlist] blocks")
	}
	for _, name := range t.Names {
		if slices.Contains(q.userLists, name.Text) {
			return yes("the list %s has the subject", name.Text)
		}
	}
	return no("none of these lists has the subject")
}

func (t *Plugin) ask(q *query) answer {
	var command []string
	for _, word := range t.Command {
		command = append(command, word.Text)
	}
	q.unsure("the answer of the plugin %q: taken for a no", strings.Join(command, " "))
	return no("nobody can know the answer of a plugin without running it")
}

func (t *Rename) ask(*query) answer { return no("no test") }

func (t *Unknown) ask(*query) answer { return fail("ARC does not know the rule") }
