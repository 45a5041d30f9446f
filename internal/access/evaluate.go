package access

import (
	"fmt"
	"slices"
	"strings"

	"arclint/internal/source"
)

// Decision is the answer of a CE to one identity.
type Decision struct {
	Allowed   bool
	Status    int    // of HTTP; 0 where the client gets no answer at all
	Reason    string // why, in a sentence
	Interface string // "arex/ws/jobs"
	Groups    []string
	Account   string // "user" or "user:group", as [mapping] gives it; "" where it gives none

	// AccountFrom is the pool or the plugin that names the account, where one does.
	AccountFrom string

	Trace  []Step
	Unsure []string // what could not be looked at, and what it was taken for
}

// Step is one step on the way to a decision.
type Step struct {
	At     source.Span // zero where the step stands in no file
	Rule   string      // the line as written, or the question
	Result string
}

// query is one question on its way through the rules.
type query struct {
	policy    *Policy
	identity  Identity
	tokens    *Claims // of a token that ARC accepts
	subject   string
	groups    []string
	userLists []string
	user      string // the account that ARC looks up
	closed    bool   // ARC has closed the connection
	decision  *Decision
}

func (q *query) step(at source.Span, rule, format string, args ...any) {
	q.decision.Trace = append(q.decision.Trace, Step{At: at, Rule: rule, Result: fmt.Sprintf(format, args...)})
}

func (q *query) unsure(format string, args ...any) {
	q.decision.Unsure = append(q.decision.Unsure, fmt.Sprintf(format, args...))
}

// Evaluate says what the CE answers to an operation on [arex/ws/jobs]. Statuses
// are those that were measured (arc-behaviour, "Reading refusals").
func (p *Policy) Evaluate(id Identity, op Operation) Decision {
	d := &Decision{Interface: JobsBlock}
	q := &query{policy: p, identity: id, decision: d}
	if p.TooLarge {
		q.unsure("arc.conf: it has more than %d rules of access", MaxLines)
		return q.refuse(0, "arc.conf has more than %d rules of access, which are not looked at", MaxLines)
	}
	if stops := p.Stops(); len(stops) > 0 {
		return q.refuse(0, "the service does not start: %s", stops[0].Reason)
	}
	q.identify()
	q.assignGroups()
	d.Groups = q.groups
	if q.closed {
		return q.refuse(0, "ARC closes the connection of everybody who sends a token: the expression cannot be evaluated (arc-behaviour A11)")
	}
	if p.List(JobsBlock) == nil {
		return q.refuse(404, "there is no block [%s]", JobsBlock)
	}
	if strings.HasPrefix(p.site.Value("arex/ws", "wsurl").Text, "http://") {
		return q.refuse(403, "wsurl begins with http://: ARC looks at neither tokens nor certificates there (arc-behaviour B10)")
	}
	if failure := q.assignAccount(); failure != "" {
		return q.refuse(403, "%s", failure)
	}
	return q.admit(op)
}

func (q *query) refuse(status int, format string, args ...any) Decision {
	q.decision.Status, q.decision.Reason = status, fmt.Sprintf(format, args...)
	return *q.decision
}

// identify takes the token, if it counts, and finds the subject: the
// certificate goes first (arc-behaviour F4, A10).
func (q *query) identify() {
	q.subject = q.identity.Subject
	c := q.identity.Claims
	if c == nil {
		return
	}
	if !q.policy.TokensCount() {
		q.step(source.Span{}, "token", "not looked at: ARC 6 needs the block [authtokens]")
		return
	}
	if reason := c.refused(q.policy); reason != "" {
		q.step(source.Span{}, "token", "counts as none: %s", reason)
		return
	}
	q.tokens = c
	iss, sub := c.first("iss"), c.first("sub")
	if q.subject == "" && sub != "" {
		q.subject = iss + "/" + sub
	}
}

// assignGroups goes through the groups as LegacySecHandler.cpp does: the first
// rule that matches decides, and so does one that fails.
func (q *query) assignGroups() {
	q.assignUserLists()
	for _, g := range q.policy.Groups {
		name := g.Name
		for _, r := range g.Rules {
			if t, ok := r.Test.(*Rename); ok {
				name = t.To.Text
				q.step(r.Option.Line, r.text(), "the group is called %q from here", name)
				continue
			}
			result := r.evaluate(q)
			if q.closed {
				return
			}
			if result == positive && name == "" {
				name = g.Name
			}
			if result == positive && name != "" {
				q.groups = append(q.groups, name)
			}
			if result != noMatch {
				break
			}
		}
	}
}

// assignUserLists fills the lists that only 6.x has (arc-behaviour B7). A site
// shows the content of a list only where a file= or map_with_file= names it too.
func (q *query) assignUserLists() {
	if q.policy.site.Release.Is7() {
		return
	}
	for _, b := range q.policy.site.Conf.Kind("userlist") {
		for _, o := range b.All("outfile") {
			switch in, known := q.policy.listed(o.Value.Text, q.subject); {
			case in:
				q.userLists = append(q.userLists, b.ID)
			case !known:
				q.unsure("whether the list %s has the subject: taken for a no", o.Value.Text)
			}
		}
	}
}

// result is what a rule says of an identity (AuthResult in auth.h).
type result int

const (
	noMatch  result = iota
	positive        // member, no further rule is asked
	negative        // no member, no further rule is asked
	failure         // no member, no further rule is asked
)

func (r result) String() string {
	return [...]string{"no match", "member", "no member", "fails, and no further rule of the group is asked"}[r]
}

// answer is what a test says, with the reason.
type answer struct {
	result result
	why    string
}

func no(format string, args ...any) answer  { return answer{noMatch, fmt.Sprintf(format, args...)} }
func yes(format string, args ...any) answer { return answer{positive, fmt.Sprintf(format, args...)} }
func fail(format string, args ...any) answer {
	return answer{failure, fmt.Sprintf(format, args...)}
}

func (r *Rule) text() string { return strings.TrimSpace(r.Option.Line.Text()) }

// evaluate asks the test and applies the signs as AuthUser::evaluate does. A
// failure stays one.
func (r *Rule) evaluate(q *query) result {
	a := r.Test.ask(q)
	got := a.result
	if got != failure && r.Inverted {
		if got == noMatch {
			got = positive
		} else {
			got = noMatch
		}
	}
	if got == positive && r.Negative {
		got = negative
	}
	q.step(r.Option.Line, r.text(), "%s: %s", got, a.why)
	return got
}

// admit applies the access list, and what the interface asks besides.
func (q *query) admit(op Operation) Decision {
	p, d := q.policy, q.decision
	is7 := p.site.Release.Is7()
	noAccount := 403
	if is7 {
		noAccount = 500
	}
	if d.Account == "" && d.AccountFrom == "" {
		return q.refuse(noAccount, "[mapping] gives no account, and ARC does not take root instead")
	}
	if !q.accountExists() {
		return q.refuse(noAccount, "the account of %q does not exist", d.Account)
	}
	if !is7 {
		d.Allowed = true
		return q.refuse(200, "mapped to %s; this release does not apply the access list of [%s] (arc-behaviour S5)", d.account(), JobsBlock)
	}
	if reason := q.listRefuses(p.List(JobsBlock)); reason != "" {
		return q.refuse(403, "%s", reason)
	}
	switch {
	case q.tokens != nil:
		if !p.Scopes.admits(op, q.tokens.all("scope"), p.site.Release.Measured == "7.0.0") {
			return q.refuse(403, "tokenscopes asks for one of %s for %s, which the token does not have",
				strings.Join(p.Scopes.Required(op), " "), op)
		}
	case q.identity.Subject == "":
		return q.refuse(403, "neither a certificate nor a token that counts (arc-behaviour S6)")
	}
	d.Allowed = true
	return q.refuse(200, "mapped to %s and admitted by the access list of [%s]", d.account(), JobsBlock)
}

// listRefuses says why the list keeps the identity out, "" where it does not.
func (q *query) listRefuses(l *List) string {
	for _, e := range l.Entries {
		if !slices.Contains(q.groups, e.Group.Text) {
			continue
		}
		rule := strings.TrimSpace(e.Option.Line.Text())
		if e.Allow {
			q.step(e.Group.Span, rule, "member of %s: admitted", e.Group.Text)
			return ""
		}
		q.step(e.Group.Span, rule, "member of %s: refused", e.Group.Text)
		return fmt.Sprintf("denyaccess names %s", e.Group.Text)
	}
	return fmt.Sprintf("no allowaccess of [%s] names a group of this identity", l.Block.Name)
}

func (d *Decision) account() string {
	if d.Account == "" {
		return "an account that " + d.AccountFrom + " names"
	}
	return fmt.Sprintf("%q", d.Account)
}
