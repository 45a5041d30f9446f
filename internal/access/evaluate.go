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

	// Listed says whether the list of the job interface admits a group of the client.
	Listed bool

	// Of a new job: why none is taken although the client gets in, and the queues.
	Closed string
	NoJobs string // why the job of everybody is refused, also of who does not get in
	Queues Queues

	// SubmitHangs is what it hangs on whether a client who gets in may submit new jobs at
	// all; "" where nothing that nobody knows changes it.
	SubmitHangs string

	// TokenRefused says why the token counts as none; "" where it counts, or none came.
	TokenRefused string

	// Work is the number of lines and groups that were looked at for it.
	Work int

	// Made are the lines that made the client a member, where the decision hangs on
	// something.
	Made []source.Span

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
	policy   *Policy
	identity Identity
	tokens   *Claims // of a token that ARC accepts
	subject  string
	names    *nameTable
	*scratch
	attributes []string // of VOMS, that count
	userLists  []userList
	group      *authgroup.Group // whose rules are asked
	user       string           // the account that ARC looks up
	closed     bool             // ARC has closed the connection
	decision   *Decision

	via      int32 // the name of the group that an authgroup= rule found, -1: none
	mappedBy int32 // of the group of the rule of [mapping] that decided, -1: none
	listedBy int32 // of the group of the entry that admitted, -1: none
	mapStep  int   // in the trace, counted from 1; 0: none
	listStep int

	told    []bool     // the answers to take to the first questions that nobody can answer
	wonders int        // how many questions there were
	next    question   // the first one to which no answer is told
	asked   []question // all of them, where somebody reads them
	brief   bool       // no trace is asked for
	keeps   bool       // the questions are kept
}

// record is a step that is written out where somebody reads it.
type record struct {
	at      source.Span
	rule    string // "": the line that is at at
	fact    fact
	got     result // of a rule of a group that was asked
	asked   bool
	unknown bool
	format  string
	args    []any
}

func (r record) written() Step {
	text, rule := fmt.Sprintf(r.format, r.args...), r.rule
	if rule == "" {
		rule = strings.TrimSpace(r.at.Text())
	}
	switch {
	case r.unknown:
		text = fmt.Sprintf("unknown, taken here for %s: %s", r.got, text)
	case r.asked:
		text = fmt.Sprintf("%s: %s", r.got, text)
	}
	return Step{At: r.at, Rule: rule, Result: text, Source: r.fact.source, Differs: r.fact.differs}
}

// step notes a step about a line of a file, or about what rule names.
func (q *query) step(at source.Span, rule string, f fact, format string, args ...any) {
	q.trace = append(q.trace, record{at: at, rule: rule, fact: f, format: format, args: args})
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
	of := whole
	if brief {
		of = reasons
	}
	d, q := p.evaluate(id, op, nil, of)
	if op == JobCreate {
		d.NoJobs = p.TakesNoJob()
	}
	if d.Allowed && op == JobCreate {
		p.addSubmission(&d, brief)
	}
	if p.TooLarge {
		d.Depends = []Dependency{{Kind: OnSize, On: fmt.Sprintf("more than %d rules of access, which are not looked at", authgroup.MaxLines)}}
		return d
	}
	if renamed := p.tables.settings().renamed; renamed != "" {
		d.Depends = []Dependency{{Kind: OnValue, On: renamed}}
		return d
	}
	p.addDependencies(&d, id, op, q)
	return d
}

// detail says how much of a decision is written out.
type detail byte

const (
	whole   detail = iota // with the trace
	reasons               // with the lines that led to it
	outcome
)

// evaluate takes the answers told to the questions that nobody can answer, and
// the usual ones to those that follow.
func (p *Policy) evaluate(id Identity, op Operation, told []bool, of detail) (Decision, *query) {
	q := p.newQuery(id, told, of)
	defer p.scratches.Put(q.scratch)
	d := q.decide(op)
	d.Work += len(d.Groups)
	if of != outcome {
		d.Because = q.because()
		d.Made = q.made()
	}
	if of == whole {
		for _, r := range q.trace {
			d.Trace = append(d.Trace, r.written())
		}
	}
	return d, q
}

func (p *Policy) newQuery(id Identity, told []bool, of detail) *query {
	return &query{
		policy: p, names: p.tables.names(), scratch: p.takeScratch(), identity: id, told: told,
		brief: of != whole, keeps: of != outcome, via: -1, mappedBy: -1, listedBy: -1,
		decision: &Decision{Interface: authgroup.JobsBlock, AccountState: AccountNone},
	}
}

// groups are the names of those of which the identity is a member.
func (q *query) groups() []string {
	if len(q.joined) == 0 {
		return nil
	}
	list := make([]string, len(q.joined))
	for i, id := range q.joined {
		list[i] = q.names.texts[id]
	}
	return list
}

func (q *query) made() []source.Span {
	var lines []source.Span
	for _, m := range q.members {
		if q.wonders > 0 {
			lines = append(lines, q.trace[m.step].at)
		}
	}
	return lines
}

// because collects the lines that led to the account and through the list, the
// rules of the groups first.
func (q *query) because() []Step {
	if !q.decision.Allowed {
		return nil
	}
	var found []int
	for _, group := range []int32{q.mappedBy, q.listedBy} {
		found = q.lead(found, group)
	}
	for _, step := range []int{q.mapStep, q.listStep} {
		if step > 0 {
			found = append(found, step-1)
		}
	}
	var steps []Step
	for _, n := range found {
		steps = append(steps, q.trace[n].written())
	}
	return steps
}

func (q *query) decide(op Operation) Decision {
	p, d := q.policy, q.decision
	if why := p.Unknown(); why != "" {
		return q.conclude(0, "%s", why)
	}
	if stops := p.Stops(); len(stops) > 0 {
		return q.conclude(0, "the service does not start: %s", stops[0].Reason)
	}
	q.identify()
	q.assignGroups()
	d.Groups = q.groups()
	if n := q.firstEntry(); n >= 0 {
		d.Listed = p.List(authgroup.JobsBlock).Entries[n].Allow
	}
	if q.closed {
		return q.conclude(0, "ARC closes the connection of everybody who sends a token: the expression cannot be evaluated (arc-behaviour A11)")
	}
	if p.List(authgroup.JobsBlock) == nil {
		return q.conclude(404, "there is no block [%s]", authgroup.JobsBlock)
	}
	if hidden := p.tables.settings().scheme; p.tables.settings().plainHTTP ||
		hidden.Option != nil && q.wonder(OnValue, hidden.Option.Line, false, "whether wsurl begins with http://: %s", hidden.Reason) {
		return q.conclude(403, "wsurl begins with http://: ARC looks at neither tokens nor certificates there (arc-behaviour B10)")
	}
	if op == Info && p.site.Release.OpenInfo {
		d.Allowed = true
		q.step(source.Span{}, "GET /rest/1.0/info", factInfo, "answered to everybody")
		return q.conclude(200, "what the interface tells of the CE is for everybody (arc-behaviour B12)")
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
	q.attributes = q.identity.FQANs
	if some := q.identity.Presumed; len(some) > 0 && !q.wonder(OnAttributes, source.Span{}, true, "%s", q.identity.Presumption) {
		presumed := func(fqan string) bool { return slices.Contains(some, fqan) }
		q.attributes = slices.DeleteFunc(slices.Clone(q.attributes), presumed)
	}
	if more := q.identity.Doubtful; len(more) > 0 && q.wonder(OnAttributes, source.Span{}, false, "%s", q.identity.Doubt) {
		q.attributes = slices.Concat(q.attributes, more)
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
	for _, g := range q.policy.Turns {
		name := g.Name
		q.group = g.Group
		for _, r := range g.Rules {
			if t, ok := r.Test.(*authgroup.Rename); ok {
				name = t.To.Text
				q.step(r.Option.Line, "", fact{source: "arc-behaviour A8"}, "the group is called %q from here", name)
				continue
			}
			q.via = -1
			result := q.ask(r)
			if q.closed {
				return
			}
			if result == positive {
				q.become(name, g.Again)
			}
			if result != noMatch {
				break
			}
		}
	}
}

// become makes the identity a member of the group whose rules are asked, which a
// line may have given another name. It is one already where the group is asked again.
func (q *query) become(name string, again bool) {
	if name = cmp.Or(name, q.group.Name); name != "" {
		if id := q.names.id(name); !again || !q.has(id) {
			q.join(id, q.via)
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
	result  result
	reason  string // a format, written out where somebody reads it
	args    []any
	unknown bool // taken for that: nobody can know it here
	fact    fact
}

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
	if !q.brief || got != noMatch {
		q.trace = append(q.trace, record{
			at: r.Option.Line, fact: a.fact, got: got, asked: true, unknown: a.unknown, format: a.reason, args: a.args,
		})
	}
	return got
}

// admit applies the access list, and what the interface asks besides.
func (q *query) admit(op Operation) Decision {
	p, d := q.policy, q.decision
	noAccount := p.noAccountStatus(d.Groups)
	if d.Account == "" && d.AccountFrom == "" && !q.takeServiceAccount() {
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

// noAccountStatus is the HTTP status for whoever has no account: 500 for those who
// may read the public information, who are turned away behind it, 403 for others.
func (p *Policy) noAccountStatus(groups []string) int {
	block, public := "infosys/accesscontrol", p.site.Release.PublicInfo
	if !public {
		block = "arex/ws/publicinfo"
		public = p.site.Conf.Block(block) != nil
	}
	l := p.List(block)
	if public && l != nil {
		public, _ = p.Admits(l, groups...)
	}
	switch {
	case public:
		return 500
	case l != nil:
		return 403
	}
	return p.site.Release.NoAccountStatus
}

// scopesAdmit says whether tokenscopes lets the token do the operation.
func (q *query) scopesAdmit(op Operation) bool {
	required := q.policy.Required(op)
	if len(required) == 0 {
		return len(q.policy.Scopes.Hidden) == 0 || q.wonderScopes(true, "whether tokenscopes asks for no scope that the token lacks")
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
	return ok || len(q.policy.Scopes.Hidden) > 0 && q.wonderScopes(false, "whether tokenscopes names another scope, which the token has")
}

// wonderScopes asks about the parts of tokenscopes that ARC computes.
func (q *query) wonderScopes(usual bool, about string) bool {
	part := q.policy.Scopes.Hidden[0]
	return q.wonder(OnValue, part.Span, usual, "%s: %s", about, part.Why)
}

// listRefuses says why the list keeps the identity out, "" where it does not.
func (q *query) listRefuses(l *authgroup.List) string {
	if first := q.decidingEntry(l); first >= 0 {
		e := l.Entries[first]
		rule := strings.TrimSpace(e.Option.Line.Text())
		switch {
		case e.Hidden != "" && e.Allow:
			q.step(e.Group.Span, rule, factComputed, "unknown, taken here for a group of this client: admitted")
			q.listStep = len(q.trace)
			return ""
		case e.Hidden != "":
			q.step(e.Group.Span, rule, factComputed, "unknown, taken here for a group of this client: refused")
			return "denyaccess names a group that ARC computes"
		case e.Allow:
			q.step(e.Group.Span, rule, factList7, "member of %s: admitted", e.Group.Text)
			q.listedBy, q.listStep = q.names.id(e.Group.Text), len(q.trace)
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

// decidingEntry is firstEntry with what nobody knows here: whether a part of the list that
// ARC computes names a group of the client.
func (q *query) decidingEntry(l *authgroup.List) int32 {
	first := q.firstEntry()
	for _, n := range q.policy.tables.computed()[l] {
		if len(q.joined) == 0 || first >= 0 && n > first {
			break
		}
		if q.wonder(OnValue, l.Entries[n].Group.Span, false, "%s", l.Entries[n].Wonder()) {
			return n
		}
	}
	return first
}

// firstEntry is the first entry of the list of the job interface that names a
// group of the identity, -1 where none does.
func (q *query) firstEntry() int32 {
	first := int32(-1)
	for _, id := range q.joined {
		if n := q.names.jobs[id]; n >= 0 && (first < 0 || n < first) {
			first = n
		}
	}
	return first
}

func (d *Decision) account() string {
	if d.Account == "" {
		return d.AccountText()
	}
	return fmt.Sprintf("%q", d.Account)
}
