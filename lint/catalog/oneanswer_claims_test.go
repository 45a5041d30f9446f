package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	policy "arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/trust"
	"arclint/lint"
	"arclint/lint/catalog"
)

// questions are what is asked of one site.
type questions struct {
	t      *testing.T
	from   candidate
	site   *site.Site
	policy *policy.Policy
	found  lint.Result
	access admission.Access
	asked  []visit
	counts
	contradictions []contradiction
}

// visit is an identity and what becomes of it.
type visit struct {
	id           policy.Identity
	create, read policy.Decision
}

func newQuestions(t *testing.T, c candidate, s *site.Site) *questions {
	q := &questions{t: t, from: c, site: s, policy: policy.Model(s), found: lint.Run(s, catalog.All()), access: admission.Doors(s)}
	for _, d := range q.access.Doors {
		q.visit(identityOf(t, d.Proof))
	}
	for _, v := range c.visitors {
		q.visit(policy.Identity{Subject: v.Subject, FQANs: countedOf(s, v.FQANs), Claims: v.Claims})
		q.visitors++
		if len(v.FQANs) > 0 {
			q.members++
		}
	}
	q.doors = len(q.access.Doors)
	return q
}

// countedOf are the attributes of VOs of which vomsdir names a server: the others are
// dropped (arc-behaviour V1).
func countedOf(s *site.Site, fqans []string) []string {
	return slices.DeleteFunc(slices.Clone(fqans), func(fqan string) bool {
		answer, _ := trust.VO(s, policy.VOOf(fqan))
		return answer == trust.Refused
	})
}

func (q *questions) visit(id policy.Identity) {
	q.asked = append(q.asked, visit{id, q.policy.Evaluate(id, policy.JobCreate), q.policy.Evaluate(id, policy.JobInfo)})
}

func identityOf(t *testing.T, p admission.Proof) policy.Identity {
	t.Helper()
	id := policy.Identity{Subject: p.Subject, FQANs: p.FQANs}
	if p.Claims != "" {
		claims, err := policy.ParseClaims([]byte(p.Claims))
		if err != nil {
			t.Fatal(err)
		}
		id.Claims = claims
	}
	return id
}

// statement is what findings of a rule say of who gets in, and the question
// whether it is so: it gives what contradicts, "" where nothing does.
type statement struct {
	rule   string
	phrase string // of the message; "" for every message of the rule
	holds  func(q *questions, f lint.Finding) string
}

// saysMore is what a message says that must be held against access.
var saysMore = regexp.MustCompile(`(?i)never match|nobody|never asks?|never looked at|not looked at|looks at no|is never true|no token|no voms= rule|no effect|refuses every|are refused|does not start|is ignored|ignores`)

// saysNever is said of what the test of a rule is true of.
var saysNever = regexp.MustCompile(`never matches|makes nobody a member|matches nobody`)

// failing says whether the rule is one that fails, with a ! and without
// (arc-behaviour A7).
func failing(r *authgroup.Rule) bool {
	switch t := r.Test.(type) {
	case *authgroup.File, *authgroup.Unknown:
		return true
	case *authgroup.Tokens:
		return t.Missing != ""
	case *authgroup.VOMS:
		return !t.Sound()
	}
	return false
}

// statements are all that is said of who gets in. A finding of which nothing is
// said here must be in unheld.
var statements = []statement{
	{"authz/dead-rule", "never asks", deadFrom},
	{"authz/dead-rule", "looks at no rule below it", deadBelow},
	{"authz/dead-rule", "with the ! it matches everybody", nil},
	{"authz/dead-rule", "never matches", neverMatches},
	{"authz/dead-rule", "is for those alone whom the rules above", nil},
	{"authz/dead-rule", "A line that names", noMemberOf(func(q *questions, f lint.Finding) string { return q.ruleAt(f).Group.Name })},
	{"authz/dead-rule", "rule excludes nobody", needless},
	{"authz/dead-rule", "rule admits nobody", needless},
	{"authz/dead-rule", "rule changes nothing", needless},
	{"authz/empty-group", "", noMemberOf(func(_ *questions, f lint.Finding) string { return f.Subject })},
	{"authz/undefined-group", "userlist ", neverMatchesAlone},
	{"authz/undefined-group", "", noMemberOf(func(_ *questions, f lint.Finding) string { return f.Span.Text() })},
	{"authz/token-rule-fields", "looks at no rule below it", failsForTokens},
	{"authz/token-rule-fields", "a tab is between", neverMatches},
	{"authz/token-rule-fields", "the subject is the URL", neverMatches},
	{"authz/token-rule-fields", "the comment is in", neverMatches},
	{"authz/token-rule-fields", "", onlyIf(`never matches|no token (has|matches)`, neverMatches)},
	{"authz/voms-fields", "looks at no rule below it", neverMatches},
	{"authz/voms-fields", "never matches", neverMatches},
	{"authz/token-expression", "closes the connection", closesConnection},
	{"authz/token-expression", "The rule fails for everybody with a token", failsForTokens},
	{"authz/token-expression", "The rule never matches", neverMatches},
	{"authz/token-expression", "", onlyIf(`never true|no token matches`, comparisonNeverTrue)},
	{"authz/dn-form", "", onlyIf(`never matches|matches nobody`, neverMatches)},
	{"authz/issuer-slash", "never matches", neverMatches},
	{"authz/issuer-typo", "If it is misspelt", nil},
	{"authz/issuer-typo", "", neverMatches},
	{"authz/tokens-not-enabled", "", noTokenRuleMatches},
	{"authz/no-access-list", "Nobody gets in", nobodyIn},
	{"authz/no-access-list", "ARC 7 nobody", nil}, // of a release that the site does not have
	{"authz/no-mapping", "so nobody gets in", nobodyIn},
	{"authz/no-mapping", "after it map nobody", relatedMapsNobody},
	{"authz/mapping-order", "maps nobody", needless},
	{"authz/access-order", "", needless},
	{"authz/queue-access", "Nobody may use", queueClosed},
	{"authz/queue-access", "each of their jobs is refused", nil}, // unless its members are in another group too
	{"authz/access-list-ignored", "does not admit it", listRefusesMembers},
	{"authz/mapping-rule", "refuses every", mapsNobody},
	{"authz/mapping-rule", "ARC refuses everybody", mapsNobody},
	{"authz/pool-empty", "refuses every member of", onlyIf(`has no file pool|cannot be read`, mapsNobody)},
	{"authz/account-missing", "are refused", mapsNobody},
	{"authz/mapfile-missing", "", onlyIf(`matches nobody|refuses`, mapsNobody)},
	{"authz/mapfile-syntax", "", nil},                                // of a line in a list, which access does not show by itself
	{"authz/no-mapping", "and are refused", nil},                     // unless its members are in a mapped group too
	{"authz/unused-group", "", nil},                                  // its name may be nobody
	{"authz/shared-account", "", nil},                                // the account may be nobody
	{"authz/account-missing", "Jobs run with the group", nil},        // the group of an account
	{"authz/override-without-closure", "", nil},                      // lets everybody in
	{"authz/token-scopes", "No token has a scope of that name", nil}, // one of several scopes may do
	{"authz/token-scopes", "ARC refuses jobcreate to every token", noTokenSubmits},
	{"authz/token-scopes", "No token has it", nil},
	{"authz/ec-only-issuer", "", nil}, // what the issuer had on a day
	{"conf/upgrade-access", "does not admit them", refusedAfterUpgrade},
	{"conf/block-order", "", neverMatchesAlone},
	{"conf/cross-reference", "never matches", neverMatches},
	{"conf/cross-reference", "nobody of the group gets an account", mapsNobody},
	{"conf/empty-value", "never matches", neverMatches},
	{"conf/empty-value", "without one nobody gets in", nobodyIn},
	{"conf/quoted-value", "never matches", neverMatches},
	{"trust/voms-rule-without-lsc", "with the ! it matches everybody", nil},
	{"trust/voms-rule-without-lsc", "", noAttributesOf},
	{"trust/voms-dir-missing", "", noAttributesOf},
	{"conf/rejected-value", "allowed_dn cannot be set", nil}, // of the data delivery service
	{"host/key-unreadable", "may not load", nil},
	{"conf/admindomain-name", "server", nil}, // another service than the CE
	{"", "does not start", doesNotStart},
	{"", "every TLS connection", stops},
	{"", "Every TLS connection", stops},
	{"", "no TLS connection to the CE", stops},
	{"", "ends every connection", stops},
	{"", "answers 404 to every request", stops},
	{"", "answers nobody", stops},
}

// deadRules holds what check calls dead, empty or never matching against whom
// access lets in.
func (q *questions) deadRules() {
	for _, f := range q.found.Findings {
		if f.Severity == "" || f.Rule == lint.PanicRule || strings.HasPrefix(f.Rule, "conf/upgrade-") && f.Rule != "conf/upgrade-access" {
			continue
		}
		if r := q.ruleAt(f); r != nil && r.Inverted && saysNever.MatchString(f.Message()) && !strings.Contains(f.Message(), "with the !") && !failing(r) {
			q.contradict("it is said of a rule with ! that it matches nobody: "+f.Rule, "%s", text(f))
		}
		at := slices.IndexFunc(statements, func(st statement) bool {
			return (st.rule == "" || st.rule == f.Rule) && strings.Contains(f.Message(), st.phrase)
		})
		if at < 0 {
			if strings.HasPrefix(f.Rule, "authz/") && saysMore.MatchString(f.Message()) {
				q.contradict("not held against anything: "+f.Rule, "%s", text(f))
			}
			continue
		}
		st := statements[at]
		if st.holds == nil {
			continue
		}
		q.findings++
		if found := st.holds(q, f); found != "" {
			q.contradict(f.Rule+" ("+st.phrase+") and access", "check says: %s\n%s", text(f), found)
		}
	}
}

func onlyIf(pattern string, holds func(*questions, lint.Finding) string) func(*questions, lint.Finding) string {
	re := regexp.MustCompile(pattern)
	return func(q *questions, f lint.Finding) string {
		if !re.MatchString(f.Message()) {
			return ""
		}
		return holds(q, f)
	}
}

// ruleAt is the rule in whose line a finding stands, nil where there is none.
func (q *questions) ruleAt(f lint.Finding) *authgroup.Rule {
	for _, g := range q.policy.Groups {
		for _, r := range g.Rules {
			if covers(r.Option.Line.Lines(), f.Span) {
				return r
			}
		}
	}
	return nil
}

func covers(outer, inner source.Span) bool {
	return outer.File == inner.File && outer.Start <= inner.Start && inner.End <= outer.End
}

// step is what a visit says of a line.
func (v visit) step(at source.Span) (policy.Step, bool) {
	for _, s := range v.create.Trace {
		if s.At == at {
			return s, true
		}
	}
	return policy.Step{}, false
}

// opens is how a rule makes somebody a member, "" where it does not.
func (q *questions) opens(r *authgroup.Rule) string {
	for _, d := range q.access.Doors {
		if d.Rule == r && d.Open() && !d.Barred() && !d.Beside() {
			return "access shows a way in by it: " + d.Headline()
		}
	}
	for _, v := range q.asked {
		if s, ok := v.step(r.Option.Line); ok && (strings.HasPrefix(s.Result, "member") || strings.HasPrefix(s.Result, "no member")) {
			return "whoami says of it: " + s.Result
		}
	}
	return ""
}

func neverMatches(q *questions, f lint.Finding) string {
	r := q.ruleAt(f)
	if r == nil || r.Inverted {
		return ""
	}
	return q.opens(r)
}

// neverMatchesAlone is neverMatches for a rule that names nothing else.
func neverMatchesAlone(q *questions, f lint.Finding) string {
	if r := q.ruleAt(f); r != nil && len(strings.Fields(r.Option.Value.Text)) == 1 {
		return neverMatches(q, f)
	}
	return ""
}

// comparisonNeverTrue is neverMatches for a rule that asks nothing else.
func comparisonNeverTrue(q *questions, f lint.Finding) string {
	r := q.ruleAt(f)
	if r == nil {
		return ""
	}
	if e, ok := r.Test.(*authgroup.Expression); ok && len(e.Comparisons) == 1 && !e.Comparisons[0].Negated {
		return neverMatches(q, f)
	}
	return ""
}

func deadFrom(q *questions, f lint.Finding) string { return q.dead(q.ruleAt(f), true) }

func deadBelow(q *questions, f lint.Finding) string { return q.dead(q.ruleAt(f), false) }

// dead says whether a rule below another one is asked.
func (q *questions) dead(r *authgroup.Rule, itself bool) string {
	if r == nil {
		return "no rule of access stands there"
	}
	below := false
	for _, other := range r.Group.Rules {
		if below = below || itself && other == r; below {
			for _, v := range q.asked {
				if s, ok := v.step(other.Option.Line); ok {
					return "whoami asks " + other.Option.Line.Text() + ": " + s.Result
				}
			}
			if found := q.opens(other); found != "" {
				return found
			}
		}
		below = below || other == r
	}
	return ""
}

// failsForTokens: nobody with a token that counts gets past the rule.
func failsForTokens(q *questions, f lint.Finding) string {
	r := q.ruleAt(f)
	if r == nil {
		return "no rule of access stands there"
	}
	if found := q.opens(r); found != "" && !r.Inverted {
		return found
	}
	for _, v := range q.asked {
		if v.id.Claims == nil || v.create.TokenRefused != "" {
			continue
		}
		if _, asked := v.step(r.Option.Line); !asked {
			continue
		}
		below := false
		for _, other := range r.Group.Rules {
			if s, ok := v.step(other.Option.Line); ok && below {
				return "whoami asks the rule below for a token: " + s.Result
			}
			below = below || other == r
		}
	}
	return ""
}

func closesConnection(q *questions, f lint.Finding) string {
	for _, v := range q.asked {
		if v.id.Claims != nil && v.create.TokenRefused == "" && v.create.Allowed && q.reaches(v, q.ruleAt(f)) {
			return "whoami lets a token in: " + v.create.Reason
		}
	}
	return ""
}

func (q *questions) reaches(v visit, r *authgroup.Rule) bool {
	if r == nil {
		return false
	}
	_, asked := v.step(r.Option.Line)
	return asked
}

func noMemberOf(group func(*questions, lint.Finding) string) func(*questions, lint.Finding) string {
	return func(q *questions, f lint.Finding) string {
		name := group(q, f)
		for _, v := range q.asked {
			if slices.Contains(v.create.Groups, name) {
				return "whoami makes somebody a member of " + name
			}
		}
		return ""
	}
}

func noTokenRuleMatches(q *questions, _ lint.Finding) string {
	for _, t := range authgroup.Rules[*authgroup.Tokens](q.site.Access) {
		if found := q.opens(t.Rule); found != "" && !t.Inverted {
			return found
		}
	}
	return ""
}

// noAttributesOf: access shows no way in by the attributes of a VO. What whoami
// makes of them is asked with the proofs.
func noAttributesOf(q *questions, f lint.Finding) string {
	for _, d := range q.access.Doors {
		t, ok := d.Rule.Test.(*authgroup.VOMS)
		if ok && !d.Rule.Inverted && (f.Subject == "" || t.VO.Text == f.Subject) && d.Open() && !d.Barred() && !d.Beside() {
			return "access shows a way in by them: " + d.Headline()
		}
	}
	return ""
}

func noTokenSubmits(q *questions, _ lint.Finding) string {
	for _, d := range q.access.Doors {
		if d.Proof.Claims != "" && !d.Anyway() && d.Submit.State == admission.Yes {
			return "access shows who submits with a token: " + d.Headline()
		}
	}
	return ""
}

func nobodyIn(q *questions, _ lint.Finding) string {
	for _, v := range q.asked {
		if v.create.Allowed || v.read.Allowed {
			return "whoami lets somebody in: " + v.create.Reason
		}
	}
	return ""
}

// doesNotStart is stops, but for what is said of another release, and for comments that
// "do not start with #".
func doesNotStart(q *questions, f lint.Finding) string {
	said := strings.ReplaceAll(f.Message(), "does not start with", "")
	if !q.site.Release.StrictStart {
		said = strings.ReplaceAll(said, "ARC 6 does not start", "")
	}
	if !strings.Contains(said, "does not start") {
		return ""
	}
	return stops(q, f)
}

// stops: where check says that the service does not start or serves nobody, access knows it. It
// works some of that out itself; the rest access, whoami and negtest tell before
// they answer: they ask the rules on arc.conf.
func stops(q *questions, f lint.Finding) string {
	switch {
	case strings.HasPrefix(f.Rule, "authz/"):
		if q.access.Stopped == "" && q.access.Unknown == "" && slices.ContainsFunc(q.access.Doors, admission.Door.Open) {
			return "access shows who gets in"
		}
	case !f.Stops && !f.Unserved:
		return "the finding does not say so to those who ask, and they show who gets in"
	case lint.Run(q.site, catalog.Starts()).Stop() == nil:
		return "the rules that are asked do not say so"
	}
	return ""
}

// mapRuleAt is the line of [mapping] in which a finding stands.
func (q *questions) mapRuleAt(at source.Span) *authgroup.MapRule {
	if q.policy.Mapping == nil {
		return nil
	}
	for _, m := range q.policy.Mapping.Rules {
		if covers(m.Option.Line.Lines(), at) {
			return m
		}
	}
	return nil
}

// mapsNobody: nobody gets in by the account of that line, or by a rule there.
func mapsNobody(q *questions, f lint.Finding) string { return q.mapsNobodyAt(f.Span) }

func relatedMapsNobody(q *questions, f lint.Finding) string { return q.mapsNobodyAt(f.Related[0].Span) }

func (q *questions) mapsNobodyAt(at source.Span) string {
	m := q.mapRuleAt(at)
	if m == nil {
		return ""
	}
	for _, v := range q.asked {
		if slices.ContainsFunc(v.create.Because, func(s policy.Step) bool { return s.At == m.Option.Line }) {
			return "whoami lets somebody in by the line: " + v.create.Outcome()
		}
	}
	return ""
}

func queueClosed(q *questions, f lint.Finding) string {
	for _, v := range q.asked {
		for queue := range v.create.Queues.All() {
			if "queue:"+queue.Name == f.Subject && queue.Open {
				return "whoami opens it: " + queue.Why
			}
		}
	}
	return ""
}

// listRefusesMembers: some member of the group is in no group that the list
// admits.
func listRefusesMembers(q *questions, f lint.Finding) string {
	name, l := f.Span.Text(), q.policy.List(authgroup.JobsBlock)
	if proof, ok := admission.MembersAt(q.site, l).Refused[name]; ok {
		d := q.policy.Evaluate(identityOf(q.t, proof), policy.JobCreate)
		if admitted, _ := q.policy.Admits(l, d.Groups...); admitted || !slices.Contains(d.Groups, name) {
			return "whoami does not say so of the member that was found: " + strings.Join(d.Groups, " ")
		}
		return ""
	}
	return q.membersAdmitted(name, q.policy)
}

func (q *questions) membersAdmitted(name string, p *policy.Policy) string {
	l, members := p.List(authgroup.JobsBlock), 0
	for _, v := range q.asked {
		if !slices.Contains(v.create.Groups, name) {
			continue
		}
		members++
		if admitted, _ := p.Admits(l, v.create.Groups...); !admitted {
			return ""
		}
	}
	if members == 0 {
		return ""
	}
	return "the list admits every member of " + name + " by another group"
}

func refusedAfterUpgrade(q *questions, f lint.Finding) string {
	then, members := policy.Model(q.site.Target), 0
	for _, v := range q.asked {
		if !slices.Contains(v.create.Groups, f.Subject) || !v.create.Allowed {
			continue
		}
		members++
		if d := then.Decide(v.id, policy.JobCreate); !d.Allowed {
			return ""
		}
	}
	if members == 0 {
		return ""
	}
	return "whoami --arc-version lets every member of " + f.Subject + " in after the upgrade"
}

// needless: without the line, or without the name in it, nobody is answered
// otherwise.
func needless(q *questions, f lint.Finding) string {
	cut := f.Span
	if m := q.mapRuleAt(f.Span); m != nil {
		cut = m.Option.Line.Lines()
	}
	if r := q.ruleAt(f); r != nil {
		cut = r.Option.Line.Lines()
	}
	for _, l := range q.policy.Lists {
		for _, e := range l.Entries {
			if e.Group.Span == f.Span && strings.TrimSpace(e.Option.Value.Text) == e.Group.Text {
				cut = e.Option.Line.Lines()
			}
		}
	}
	data, err := source.Apply(cut.File, []source.Edit{{Span: cut}})
	if err != nil {
		return err.Error()
	}
	over := rootfs.Overlay(q.from.files)
	over.SetTime(q.from.options.Now)
	if err := over.WriteFile(cut.File.Path, data, 0o644); err != nil {
		q.t.Fatal(err)
	}
	st := q.from.story
	st.files = over
	without := policy.Model(st.load(q.t))
	for _, v := range q.asked {
		for _, was := range []struct {
			op policy.Operation
			d  policy.Decision
		}{{policy.JobCreate, v.create}, {policy.JobInfo, v.read}} {
			d := without.Evaluate(v.id, was.op)
			if d.Outcome() != was.d.Outcome() || d.OpenQueues() != was.d.OpenQueues() || d.Closed != was.d.Closed {
				return "without it whoami answers otherwise: " + was.d.Outcome() + ", queues " + was.d.OpenQueues() + "; then " + d.Outcome() + ", queues " + d.OpenQueues()
			}
		}
	}
	return ""
}

// otherIssuer says whether a rule takes a subject that tokens of several issuers make:
// https://a/b and c, or https://a and b/c. A way in is tried with the first alone.
func (q *questions) otherIssuer(r *authgroup.Rule) bool {
	t, ok := r.Test.(*authgroup.Subject)
	if !ok {
		return false
	}
	issuer, _, made := trust.IssuerOf(q.site, t.DN.Text)
	return made && strings.Count(issuer, "/") > 2
}

// closedDoors: a rule by which nobody gets in for a reason of its own, and an
// issuer whose keys the CE cannot fetch, are findings of check.
func (q *questions) closedDoors() {
	if q.access.Stopped != "" || q.access.Unknown != "" {
		if q.access.Stopped != "" && !slices.ContainsFunc(q.found.Findings, func(f lint.Finding) bool { return f.Severity == lint.Error }) {
			q.contradict("access: the service does not start, and check has no error", "%s", q.access.Stopped)
		}
		return
	}
	shown := map[*authgroup.Rule]bool{}
	for _, d := range q.access.Doors {
		shown[d.Rule] = true
		if d.Issuer != "" && d.Issuer != "*" && d.Barred() && d.CheckBy == "keys" && !q.mentions(d.Issuer) {
			q.contradict("access: shut for want of keys, and check is silent", "%s: %s", d.Headline(), d.CheckWhy)
		}
		hungUp := d.Decision.Status == 0 && q.says("authz/token-expression", "closes the connection")
		if !d.Open() && !hungUp && !q.member(d) && !q.findingIn(d.Rule) && !q.otherIssuer(d.Rule) {
			q.contradict("access: the rule makes nobody a member, and check is silent", "%s: %s", d.Rule.Option.Line.Text(), d.Headline())
		}
	}
	for _, g := range q.policy.Groups {
		for _, r := range g.Rules {
			if _, names := r.Test.(*authgroup.Groups); r.Positive() && !shown[r] && !names && !q.access.More && !q.emptyList(r) && !q.findingIn(r) {
				q.contradict("access: no way in by the rule, and check is silent", "%s", r.Option.Line.Text())
			}
		}
	}
}

// says whether check says that somewhere.
func (q *questions) says(rule, phrase string) bool {
	return slices.ContainsFunc(q.found.Findings, func(f lint.Finding) bool {
		return f.Rule == rule && strings.Contains(f.Message(), phrase)
	})
}

// emptyList says whether a rule asks for a list that is there and has nobody yet,
// which is no fault.
func (q *questions) emptyList(r *authgroup.Rule) bool {
	t, ok := r.Test.(*authgroup.File)
	return ok && slices.ContainsFunc(q.site.Maps, func(m *gridsec.MapFile) bool {
		return m.Path == t.Path.Text && m.Err == nil && len(m.Entries) == 0
	})
}

// member says whether the client of a door is in its group.
func (q *questions) member(d admission.Door) bool {
	for _, v := range q.asked {
		if slices.Contains(v.create.Groups, d.Group) && proofIs(d.Proof, v.id) {
			return true
		}
	}
	return slices.Contains(d.Decision.Groups, d.Group)
}

func proofIs(p admission.Proof, id policy.Identity) bool {
	return p.Claims == "" && id.Claims == nil && p.Subject == id.Subject && slices.Equal(p.FQANs, id.FQANs)
}

// findingIn says whether a finding stands in the group of a rule, or speaks of
// the rule from elsewhere.
func (q *questions) findingIn(r *authgroup.Rule) bool {
	return slices.ContainsFunc(q.found.Findings, func(f lint.Finding) bool {
		for _, other := range r.Group.Rules {
			if covers(other.Option.Line.Lines(), f.Span) || slices.ContainsFunc(f.Related, func(at lint.Related) bool { return covers(other.Option.Line.Lines(), at.Span) }) {
				return true
			}
		}
		return q.ofTokens(r) && f.Rule == "authz/tokens-not-enabled" || covers(r.Group.Block.Header().Span.Lines(), f.Span) || f.Subject != "" && strings.Contains(r.Option.Value.Text, f.Subject)
	})
}

// ofTokens says whether a rule takes in token users: one finding speaks for all of
// them where ARC looks at no token.
func (q *questions) ofTokens(r *authgroup.Rule) bool {
	_, token := r.Test.(*authgroup.Tokens)
	return token || slices.ContainsFunc(q.access.Doors, func(d admission.Door) bool { return d.Rule == r && d.Issuer != "" })
}

// mentions says whether a finding, or a check that was not made, speaks of an
// issuer.
func (q *questions) mentions(issuer string) bool {
	return slices.ContainsFunc(q.found.Findings, func(f lint.Finding) bool {
		return f.Args["issuer"] == issuer || strings.Contains(f.Message(), issuer) || f.Span.Text() == issuer || f.Rule == "authz/tokens-not-enabled"
	}) || slices.ContainsFunc(q.found.Skips, func(s lint.Skip) bool { return strings.Contains(s.Reason, issuer) })
}

// issuers: trust answers for those whose tokens access speaks of, and for no
// others but pinned ones.
func (q *questions) issuers() {
	byAccess, byTrust := map[string]bool{}, map[string]bool{}
	for _, d := range q.access.Doors {
		beside := d.Proof.Subject != "" // a certificate: the token beside it only takes its bearer out of a group
		if d.Issuer != "" && !beside && (d.Open() || !d.Rule.Everybody() && !d.Rule.Inverted && !fatal(d.Rule)) {
			byAccess[issuerAsked(d)] = true
		}
	}
	named := map[string]bool{}
	for _, d := range q.access.Doors {
		named[d.Issuer] = true
	}
	for _, t := range authgroup.Rules[*authgroup.Tokens](q.site.Access) {
		if t.Test.Missing == "" && (t.Negative || t.Inverted) {
			named[t.Test.Issuer.Text] = true
		}
	}
	for _, e := range authgroup.Rules[*authgroup.Expression](q.site.Access) {
		for _, c := range e.Test.Comparisons {
			if c.Claim.Text == "iss" && !c.Regexp && (!c.Negated || e.Negative || e.Inverted) {
				named[c.Value.Text] = true
			}
		}
	}
	for _, e := range authgroup.Rules[*authgroup.Expression](q.site.Access) {
		for _, way := range e.Test.Ways() { // "-!" asks for those who match, of whom other rules take some in
			if e.Negative && e.Inverted && !slices.ContainsFunc(way, func(c authgroup.Comparison) bool { return c.Claim.Text == "iss" && !c.Regexp && !c.Negated }) {
				named["*"] = true
			}
		}
	}
	for _, t := range trust.Issuers(q.site) {
		byTrust[t.Issuer] = true
		q.counts.issuers++
		if !named[t.Issuer] && !q.beginsSubject(t.Issuer) && len(q.site.Pinned.For(t.Issuer)) == 0 && q.access.Stopped == "" && q.access.Unknown == "" && !q.access.More {
			q.contradict("trust names an issuer that access does not", "%q", t.Issuer)
		}
	}
	for issuer := range byAccess {
		if !byTrust[issuer] {
			kind := "access names an issuer that trust does not"
			if issuer == "*" {
				kind += " (any issuer)"
			} else if !q.inTokenRule(issuer) {
				kind += " (by subject= or file=)"
			}
			q.contradict(kind, "%q", issuer)
		}
	}
}

// issuerAsked is the issuer of a way in, "*" where its rule takes in tokens of any and the
// client has another one for the sake of other rules.
func issuerAsked(d admission.Door) string {
	asked := func(issuer string) bool {
		return slices.ContainsFunc(d.Rule.Issuers(), func(i authgroup.Issuer) bool { return i.Text == issuer })
	}
	if asked("*") && !asked(d.Issuer) {
		return "*"
	}
	return d.Issuer
}

// fatal says whether ARC closes every connection at the rule, so that trust need
// not speak of whom it names.
func fatal(r *authgroup.Rule) bool {
	e, ok := r.Test.(*authgroup.Expression)
	return ok && e.Fatal
}

// beginsSubject says whether a rule or a list of subjects, of which access shows
// one for all, names a token user of the issuer.
func (q *questions) beginsSubject(issuer string) bool {
	for _, r := range authgroup.Rules[*authgroup.Subject](q.site.Access) {
		if strings.HasPrefix(r.Test.DN.Text, issuer+"/") {
			return true
		}
	}
	return slices.ContainsFunc(q.site.Maps, func(m *gridsec.MapFile) bool {
		return slices.ContainsFunc(m.Entries, func(e gridsec.MapEntry) bool { return strings.HasPrefix(e.Subject.Text, issuer+"/") })
	})
}

func (q *questions) inTokenRule(issuer string) bool {
	return slices.ContainsFunc(q.access.Doors, func(d admission.Door) bool {
		switch d.Rule.Test.(type) {
		case *authgroup.Tokens, *authgroup.Expression:
			return d.Issuer == issuer
		}
		return false
	})
}
