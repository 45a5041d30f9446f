package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"arclint/internal/authgroup"
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
	AccountFrom  string
	AccountState AccountState

	// Of a new job: why none is taken although the client gets in, and the queues.
	Closed string
	Queues Queues

	// TokenRefused says why the token counts as none; "" where it counts, or none came.
	TokenRefused string

	// Work is the number of lines and groups that were looked at for it.
	Work int

	Trace   []Step
	Because []Step       // the lines that let it in: of the groups, of [mapping], of the access list
	Depends []Dependency // what the files do not tell, where it changes the decision
}

// Step is one step on the way to a decision.
type Step struct {
	At     source.Span // zero where the step stands in no file
	Rule   string      // the line as written, or the question
	Result string
	Source string // what proves it: "arc-behaviour A4"

	// Differs is what arc.conf.reference says where it was measured otherwise.
	Differs string
}

// query is one question on its way through the rules.
type query struct {
	policy    *Policy
	identity  Identity
	tokens    *Claims // of a token that ARC accepts
	subject   string
	groups    []string
	in        map[string]bool // groups as a set
	userLists []userList
	group     *authgroup.Group // whose rules are asked
	user      string           // the account that ARC looks up
	closed    bool             // ARC has closed the connection
	decision  *Decision

	via      string // the group that an authgroup= rule found
	members  []membership
	mappedBy string // the group of the rule of [mapping] that decided
	listedBy string // the group of the entry that admitted
	mapStep  int    // in the trace, counted from 1; 0: none
	listStep int

	told  []bool // the answers to take to the first questions that nobody can answer
	asked []question
	brief bool // no trace is asked for
}

func (q *query) step(at source.Span, rule string, f fact, format string, args ...any) {
	q.decision.Trace = append(q.decision.Trace, Step{
		At: at, Rule: rule, Result: fmt.Sprintf(format, args...), Source: f.source, Differs: f.differs,
	})
}

// Evaluate says what the CE answers to an operation on [arex/ws/jobs]. Statuses
// are those that were measured (arc-behaviour, "Reading refusals"). Where the
// files do not tell something, the decision stands on the usual answer, and
// Depends says whether another one would change it.
func (p *Policy) Evaluate(id Identity, op Operation) Decision { return p.answer(id, op, false) }

// Decide is Evaluate without the trace, for those who ask for many identities:
// it asks only the rules that concern the identity.
func (p *Policy) Decide(id Identity, op Operation) Decision { return p.answer(id, op, true) }

func (p *Policy) answer(id Identity, op Operation, brief bool) Decision {
	d, asked := p.evaluate(id, op, nil, brief)
	if d.Allowed && op == JobCreate {
		p.addSubmission(&d, brief)
	}
	if p.TooLarge {
		d.Depends = []Dependency{{Kind: OnSize, On: fmt.Sprintf("more than %d rules of access, which are not looked at", authgroup.MaxLines)}}
		return d
	}
	p.addDependencies(&d, id, op, asked)
	return d
}

// evaluate takes the answers told to the questions that nobody can answer, and
// the usual ones to those that follow.
func (p *Policy) evaluate(id Identity, op Operation, told []bool, brief bool) (Decision, []question) {
	q := &query{policy: p, identity: id, told: told, brief: brief, in: map[string]bool{}, decision: &Decision{Interface: authgroup.JobsBlock, AccountState: AccountNone}}
	d := q.decide(op)
	d.Because, d.Work = q.because(), d.Work+len(d.Groups)
	if brief {
		d.Trace = nil
	}
	return d, q.asked
}

// membership is the rule that made the identity a member of a group.
type membership struct {
	group, via string
	step       int // in the trace
}

// because collects the lines that led to the account and through the list, the
// rules of the groups first.
func (q *query) because() []Step {
	if !q.decision.Allowed {
		return nil
	}
	var found []int
	for _, group := range []string{q.mappedBy, q.listedBy} {
		found = q.lead(found, group)
	}
	for _, step := range []int{q.mapStep, q.listStep} {
		if step > 0 {
			found = append(found, step-1)
		}
	}
	var steps []Step
	for _, n := range found {
		steps = append(steps, q.decision.Trace[n])
	}
	return steps
}

// lead adds the rule by which the group was reached, after those of the groups
// that it stands on.
func (q *query) lead(found []int, group string) []int {
	for i, m := range q.members {
		if m.group != group || slices.Contains(found, m.step) {
			continue
		}
		if m.via != "" && m.via != group {
			found = (&query{members: q.members[:i], decision: q.decision}).lead(found, m.via)
		}
		return append(found, m.step)
	}
	return found
}

func (q *query) decide(op Operation) Decision {
	p, d := q.policy, q.decision
	if p.TooLarge {
		return q.conclude(0, "arc.conf has more than %d rules of access, which are not looked at", authgroup.MaxLines)
	}
	if stops := p.Stops(); len(stops) > 0 {
		return q.conclude(0, "the service does not start: %s", stops[0].Reason)
	}
	q.identify()
	q.assignGroups()
	d.Groups = q.groups
	if q.closed {
		return q.conclude(0, "ARC closes the connection of everybody who sends a token: the expression cannot be evaluated (arc-behaviour A11)")
	}
	if p.List(authgroup.JobsBlock) == nil {
		return q.conclude(404, "there is no block [%s]", authgroup.JobsBlock)
	}
	if p.tables.settings().plainHTTP {
		return q.conclude(403, "wsurl begins with http://: ARC looks at neither tokens nor certificates there (arc-behaviour B10)")
	}
	if failure := q.assignAccount(); failure != "" {
		return q.conclude(403, "%s", failure)
	}
	return q.admit(op)
}

// conclude ends the question with a status and the reason for it, yes or no.
func (q *query) conclude(status int, format string, args ...any) Decision {
	q.decision.Status, q.decision.Reason = status, fmt.Sprintf(format, args...)
	return *q.decision
}

// identify takes the token, if it counts, and finds the subject: the
// certificate goes first (arc-behaviour F4, A10).
func (q *query) identify() {
	q.subject = q.identity.Subject
	if q.subject != "" {
		q.step(source.Span{}, "certificate", factSubject, "the subject is %q", q.subject)
	}
	c := q.identity.Claims
	if c == nil {
		return
	}
	if !q.policy.TokensCount() {
		q.decision.TokenRefused = "ARC 6 needs the block [authtokens]"
		q.step(source.Span{}, "token", factNoBlock6, "not looked at: %s", q.decision.TokenRefused)
		return
	}
	if reason, because := q.refusesToken(c); reason != "" {
		q.decision.TokenRefused = reason
		q.step(source.Span{}, "token", because, "counts as none: %s", reason)
		return
	}
	q.tokens = c
	iss, sub := c.first("iss"), c.first("sub")
	switch {
	case q.subject != "":
		q.step(source.Span{}, "token", factBoth, "counts, and the subject stays that of the certificate")
	case sub != "":
		q.subject = iss + "/" + sub
		q.step(source.Span{}, "token", factTokenDN, "counts, and the subject is %q", q.subject)
	default:
		q.step(source.Span{}, "token", factTimes, "counts, without a subject")
	}
}

// refusesToken says why the token counts as none, "" where it counts.
func (q *query) refusesToken(c *Claims) (string, fact) {
	if reason := c.refused(q.policy); reason != "" {
		return reason, factTimes
	}
	if q.identity.Refused != "" {
		return q.identity.Refused, fact{}
	}
	if on := q.identity.Unsettled; on != "" && !q.wonder(OnKeys, source.Span{}, true, "%s", on) {
		return "not so: " + on, fact{}
	}
	return "", fact{}
}

// assignGroups goes through the groups as LegacySecHandler.cpp does: the first
// rule that matches decides, and so does one that fails.
func (q *query) assignGroups() {
	q.assignUserLists()
	if q.brief && (q.tokens == nil || len(q.tokens.members) <= maxIndexed) {
		q.assignFew(q.policy.tables.speakers())
		return
	}
	for _, g := range q.policy.Groups {
		name := g.Name
		q.group = g
		for _, r := range g.Rules {
			if t, ok := r.Test.(*authgroup.Rename); ok {
				name = t.To.Text
				q.step(r.Option.Line, textOf(r), fact{source: "arc-behaviour A8"}, "the group is called %q from here", name)
				continue
			}
			q.via = ""
			result := q.ask(r)
			if q.closed {
				return
			}
			if result == positive {
				q.join(name)
			}
			if result != noMatch {
				break
			}
		}
	}
}

// join makes the identity a member of the group whose rules are asked, which a
// line may have given another name.
func (q *query) join(name string) {
	if name = cmp.Or(name, q.group.Name); name == "" {
		return
	}
	q.groups = append(q.groups, name)
	q.in[name] = true
	q.members = append(q.members, membership{group: name, via: q.via, step: len(q.decision.Trace) - 1})
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
	result  result
	reason  string // a format, written out where somebody reads it
	args    []any
	unknown bool // taken for that: nobody can know it here
	fact    fact
}

func (a answer) why() string { return fmt.Sprintf(a.reason, a.args...) }

// by says what proves the answer.
func (a answer) by(f fact) answer {
	a.fact = f
	return a
}

func no(format string, args ...any) answer {
	return answer{result: noMatch, reason: format, args: args}
}
func yes(format string, args ...any) answer {
	return answer{result: positive, reason: format, args: args}
}
func fail(format string, args ...any) answer {
	return answer{result: failure, reason: format, args: args}
}

func textOf(r *authgroup.Rule) string { return strings.TrimSpace(r.Option.Line.Text()) }

// ask asks the test and applies the signs as AuthUser::evaluate does. A failure
// stays one.
func (q *query) ask(r *authgroup.Rule) result {
	q.decision.Work++
	a := q.test(r.Test)
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
	switch {
	case q.brief && got == noMatch:
	case a.unknown:
		q.step(r.Option.Line, textOf(r), a.fact, "unknown, taken here for %s: %s", got, a.why())
	default:
		q.step(r.Option.Line, textOf(r), a.fact, "%s: %s", got, a.why())
	}
	return got
}

// admit applies the access list, and what the interface asks besides.
func (q *query) admit(op Operation) Decision {
	p, d := q.policy, q.decision
	noAccount := p.site.Release.NoAccountStatus
	if d.Account == "" && d.AccountFrom == "" {
		q.step(p.Mapping.Block.Header().Span, "["+p.Mapping.Block.Name+"]", factNoMap, "no account: refused")
		return q.conclude(noAccount, "[mapping] gives no account, and ARC does not take root instead")
	}
	exists := q.accountExists()
	d.AccountState = q.accountState(exists)
	q.accountStep()
	if !exists && d.Account == "" {
		return q.conclude(noAccount, "no account of %s exists", d.AccountFrom)
	}
	if !exists {
		return q.conclude(noAccount, "the account of %q does not exist", d.Account)
	}
	if !p.site.Release.JobsListEnforced {
		q.step(p.List(authgroup.JobsBlock).Block.Header().Span, "["+authgroup.JobsBlock+"]", factList6, "this release does not apply its access list")
		if q.identity.Subject == "" && q.tokens == nil {
			q.step(source.Span{}, "client", factAnonymous, "neither a certificate nor a token that counts: admitted all the same")
		}
		d.Allowed = true
		return q.conclude(200, "mapped to %s; this release does not apply the access list of [%s] (arc-behaviour S5)", d.account(), authgroup.JobsBlock)
	}
	if reason := q.listRefuses(p.List(authgroup.JobsBlock)); reason != "" {
		return q.conclude(403, "%s", reason)
	}
	switch {
	case q.tokens != nil:
		if !q.scopesAdmit(op) {
			return q.conclude(403, "tokenscopes asks for one of %s for %s, which the token does not have",
				strings.Join(p.Required(op), " "), op)
		}
	case q.identity.Subject == "":
		return q.conclude(403, "neither a certificate nor a token that counts (arc-behaviour S6)")
	}
	d.Allowed = true
	return q.conclude(200, "mapped to %s and admitted by the access list of [%s]", d.account(), authgroup.JobsBlock)
}

// scopesAdmit says whether tokenscopes lets the token do the operation.
func (q *query) scopesAdmit(op Operation) bool {
	required := q.policy.Required(op)
	if len(required) == 0 {
		return true
	}
	whole, because := q.policy.site.Release.Scopes.Whole(), factScopes
	if whole {
		because = factScopes700
	}
	ok := q.policy.scopesInclude(op, q.tokens.all("scope"), whole)
	verdict := map[bool]string{true: "has one", false: "has none"}[ok]
	at := q.policy.Scopes.Options[0].Line
	q.step(at, strings.TrimSpace(at.Text()), because,
		"%s needs one of %s: the token %s", op, strings.Join(required, " "), verdict)
	return ok
}

// listRefuses says why the list keeps the identity out, "" where it does not.
func (q *query) listRefuses(l *authgroup.List) string {
	if first := q.policy.tables.firsts()[l].of(q.groups); first >= 0 {
		e := l.Entries[first]
		rule := strings.TrimSpace(e.Option.Line.Text())
		if e.Allow {
			q.step(e.Group.Span, rule, factList7, "member of %s: admitted", e.Group.Text)
			q.listedBy, q.listStep = e.Group.Text, len(q.decision.Trace)
			return ""
		}
		q.step(e.Group.Span, rule, factList7, "member of %s: refused", e.Group.Text)
		return fmt.Sprintf("denyaccess names %s", e.Group.Text)
	}
	because := factList7
	if len(l.Entries) == 0 {
		because = factNoList7
	}
	q.step(l.Block.Header().Span, "["+l.Block.Name+"]", because, "no line names a group of this identity: refused")
	return fmt.Sprintf("no allowaccess of [%s] names a group of this identity", l.Block.Name)
}

func (d *Decision) account() string {
	if d.Account == "" {
		return d.AccountText()
	}
	return fmt.Sprintf("%q", d.Account)
}
