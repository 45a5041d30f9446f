package admission

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/internal/trust"
)

// Width says how many people fit through a door, the widest first.
type Width int

// The widths.
const (
	Anonymous   Width = iota // who shows nothing
	AnyIssuer                // a token of whoever runs an issuer that the CE can reach
	AnyHolder                // any certificate of a trusted CA
	AnyToken                 // any token of one issuer
	SomeTokens               // tokens of one issuer, narrowed by audience, scope, group or another claim
	Members                  // of a VO
	Listed                   // the subjects in a file
	OnePerson                // one subject
	UnknownDoor              // who a plugin or a list lets in
)

func (w Width) String() string {
	return [...]string{
		"anonymous", "any-issuer", "any-certificate", "any-token", "some-tokens", "vo-members", "listed", "one-subject", "unknown",
	}[w]
}

// Door is one way in: a rule of an authgroup, who fits through it, and what they
// may do then.
type Door struct {
	Rule   *authgroup.Rule
	Group  string // whose rule it is
	Width  Width
	Who    string // "any token of https://... for any audience"
	Many   bool   // Who is a plural
	Shown  string // what is shown, in short: the issuer, "VO dune", the subject
	Issuer string // of tokens; "*" for any, "" for other credentials
	Proof  Proof  // a request that gets through

	Check    trust.KeyFetch // whether the CE can check the credential: fetch the keys, or find a CA
	CheckWhy string
	CheckBy  string // what the CE needs for that: "keys", "CA", ".lsc", "VOMS CA" or "valid VOMS CA"

	Submit, Read, Cancel Right
	Queues               access.Queues
	Accounts             int              // of more subjects of a list than are told apart; the decision has the first
	claims               claimSet         // of the proof
	Decision             access.Decision  // on a new job, or on the first operation that is admitted
	Operation            access.Operation // of the decision and of the proof
	anyway               bool             // the client gets in although the token counts as none
}

// Proof is a concrete client for which the decision was worked out. Hand it to
// arclint whoami to see each step.
type Proof struct {
	Claims  string // JSON; "" without a token
	Subject string // of a certificate; "" without one
	FQANs   []string
}

// Right says whether an operation is open.
type Right struct {
	State RightState
	Scope string // the token needs one of these scopes for it, "" where it needs none
	Why   string // why it is not open

	Claims string // of the token with which it was asked for, as JSON; "" without a token
}

// RightState is one of the states below.
type RightState string

// The states of a right.
const (
	Yes     RightState = "yes"
	No      RightState = "no"
	Unknown RightState = "unknown"
)

// Open says whether the door lets anybody do anything.
func (d Door) Open() bool {
	return d.Submit.State != No || d.Read.State != No || d.Cancel.State != No
}

// unsure says that nobody can know whether the door is open for any operation.
func (d Door) unsure() bool {
	return d.Open() && d.Submit.State != Yes && d.Read.State != Yes && d.Cancel.State != Yes
}

// Barred says that the CE would let these clients in and cannot check what they
// show: as the site stands, the door is shut.
func (d Door) Barred() bool { return d.Check == trust.FetchRefused && !d.anyway }

// Anyway says that the CE cannot check the token or the attributes, and lets the
// client in all the same: the door is open for who shows none that count.
func (d Door) Anyway() bool { return d.anyway }

// Headline is the door in a sentence.
func (d Door) Headline() string {
	becomes, not := " becomes ", " does not get in: "
	if d.Many {
		becomes, not = " become ", " do not get in: "
	}
	switch {
	case !d.Open():
		return d.Who + not + d.Read.Why
	case d.unsure():
		account := d.Account()
		if strings.HasPrefix(account, "an account") {
			return d.Who + " may become " + account
		}
		return d.Who + " may become account " + account
	case d.Accounts > 1:
		return fmt.Sprintf("%s%s%d accounts, such as %s", d.Who, becomes, d.Accounts, d.Account())
	case d.Decision.Account == "":
		return d.Who + becomes + d.Decision.AccountText()
	}
	return d.Who + becomes + "account " + d.Decision.Account
}

// Account is the account that results or, where it hangs on something unknown
// whether there is one, that which may.
func (d Door) Account() string {
	if d.Decision.Allowed {
		return d.Decision.AccountText()
	}
	for _, on := range d.Decision.Depends {
		for _, outcome := range on.Otherwise {
			if account, ok := strings.CutPrefix(outcome, access.AllowAs); ok {
				return account
			}
		}
	}
	return d.Decision.AccountText()
}

// Beside says whether the client of the proof gets in, and not by the door's own
// rule: a line further up or another group takes it first.
func (d Door) Beside() bool {
	return d.Decision.Allowed && !slices.ContainsFunc(d.Decision.Because, func(s access.Step) bool { return s.At == d.Rule.Option.Line })
}

// Access is who gets in at a site.
type Access struct {
	Doors   []Door   // open ones first, the widest first
	Stopped string   // why the service does not start; "" where nothing speaks against it
	Unknown string   // why nothing was worked out; "" where it was
	NoStart *NoStart // what check found; nil: nothing, or it was not asked
	Notes   []string // what holds for all doors
	More    bool     // there are more ways in than were worked out
	Unseen  []string // what has a list of its own and is not worked out here
}

// Doors works out every way in, once for all who ask. The order is that of width
// and, among equals, that of arc.conf.
func Doors(s *site.Site) Access {
	return site.Once(s, doorsKey{}, func() Access { return findDoors(s) })
}

type doorsKey struct{}

func findDoors(s *site.Site) Access {
	p := access.Model(s)
	var all Access
	if all.Unknown = p.Unknown(); all.Unknown != "" {
		return all
	}
	if stops := p.Stops(); len(stops) > 0 {
		all.Stopped = stops[0].Reason
		return all
	}
	all.Notes = notes(s, p)
	b := newBuilder(s, p)
	for _, g := range p.Groups {
		for _, r := range g.Rules {
			if r.Positive() && !b.full() {
				b.rule(r)
			}
		}
	}
	morePairs := b.pairs()
	b.service()
	if all.More = b.full(); all.More {
		all.Unseen = append(all.Unseen, fmt.Sprintf("more than %d ways in: the first ones are shown", len(b.doors)))
	}
	for _, path := range b.cut {
		all.Unseen = append(all.Unseen, path+" has more subjects than were asked about")
	}
	if morePairs {
		all.Unseen = append(all.Unseen, "clients who are members by two rules were not all tried")
	}
	if b.guards.many {
		all.Unseen = append(all.Unseen, fmt.Sprintf("behind more than %d rules with -! in one group it was tried only who matches the first ones", maxGuards))
	}
	all.Doors, all.Unseen = b.doors, append(all.Unseen, unseen(p)...)
	slices.SortStableFunc(all.Doors, func(a, b Door) int {
		return cmp.Or(cmp.Compare(shut(a), shut(b)), cmp.Compare(a.Width, b.Width))
	})
	return all
}

func shut(d Door) int {
	switch {
	case !d.Open():
		return 2
	case d.Barred():
		return 1
	}
	return 0
}

// notes tell what of this release the reader of arc.conf would not expect.
func notes(s *site.Site, p *access.Policy) []string {
	var list []string
	if l := p.List(authgroup.JobsBlock); l != nil && len(l.Entries) > 0 && !s.Release.JobsListEnforced {
		list = append(list, "ARC "+s.Release.Measured+" does not apply the access list of ["+authgroup.JobsBlock+"], whatever the reference says: who is mapped gets in (arc-behaviour S5)")
	}
	if user, _ := p.ServiceAccount(); user != "" && !s.Release.JobsListEnforced {
		list = append(list, "everybody whom [mapping] gives no account gets in as "+user+", which [arex] user names, also who is in no authgroup (arc-behaviour B11, S5)")
	}
	if why := oddPort(s); why != "" {
		list = append(list, why)
	}
	if why := p.TakesNoJob(); why != "" {
		list = append(list, "nobody may submit a job: "+why)
	}
	if p.TokensCount() {
		list = append(list, "a token without exp never expires (arc-behaviour A9)")
	}
	return list
}

// unseen names the other access lists: what they open is not measured.
func unseen(p *access.Policy) []string {
	var list []string
	for _, l := range p.Lists {
		if name := l.Block.Name; name != authgroup.JobsBlock && l.Block.Kind != "queue" {
			list = append(list, "["+name+"] has an access list of its own, which is not worked out here")
		}
	}
	return list
}

// builder collects the doors of a site.
type builder struct {
	site    *site.Site
	policy  *access.Policy
	doors   []Door
	decided map[asker]access.Decision
	lists   map[string][]*party // by path
	cut     []string            // lists of which not all subjects were asked about
	looked  int                 // at so many lines
	guards  *guards
}

func newBuilder(s *site.Site, p *access.Policy) *builder {
	b := &builder{site: s, policy: p, decided: map[asker]access.Decision{}, lists: map[string][]*party{}}
	b.guards = &guards{builder: b, groups: map[*authgroup.Group]*guarded{}, wants: map[wanter]*want{}}
	return b
}

// asker is an identity and what it asks for: many rules of a large site let
// in the same ones.
type asker struct {
	subject, fqans, claims, refused string
	op                              access.Operation
}

// What is worked out at most. No site has as many ways in; one whose rules let
// everybody into each of thousands of groups has as much work.
const (
	maxDoors = 400_000
	maxWork  = 2_000_000 // lines
)

func (b *builder) full() bool { return len(b.doors) >= maxDoors || b.looked >= maxWork }

// decide asks once for each client. The operations of which none needs a scope
// have one answer, but for the queues that a new job may go to.
func (b *builder) decide(id access.Identity, claims string, op access.Operation) access.Decision {
	who := asker{subject: id.Subject, fqans: strings.Join(id.FQANs, "\n"), claims: claims, refused: id.Refused, op: op}
	free := func(op access.Operation) bool { return claims == "" || len(b.policy.Required(op)) == 0 }
	if free(op) && free(access.JobCreate) {
		who.op = access.JobCreate
	}
	d, ok := b.decided[who]
	if !ok {
		if claims != "" {
			id.Claims = parsed(claims)
		}
		d = b.policy.Decide(id, who.op)
		b.looked += d.Work
		b.decided[who] = d
	}
	if op != access.JobCreate {
		d.Closed, d.Queues = "", access.Queues{}
	}
	return d
}

// add works out what the client of a door may do. claims is nil for one without
// a token. What the CE cannot check counts as none: where the client gets in all the
// same, that is the answer; else the door is worked out as if the CE
// could, and is barred.
func (b *builder) add(d Door, id access.Identity, claims claimSet) {
	if t, ok := d.Rule.Test.(*authgroup.Plugin); ok && !d.Rule.Inverted {
		if t.Limitless() {
			b.closed(d, "the plugin has no time limit, or no command, so that ARC runs nothing")
			return
		}
		if program, gone := b.policy.NoProgram(t); gone {
			b.closed(d, program+" does not exist, so ARC cannot run it")
			return
		}
	}
	if !b.passes(d, id, claims) {
		id, claims = b.guards.meet(d.Rule, id, claims)
	}
	if id.Subject != "" {
		d.Check, d.CheckWhy = clientCAs(b.site)
		d.CheckBy = "CA"
		b.attributes(&d, id.FQANs)
	}
	if claims != nil {
		if d.Issuer == "" { // a guard asks for the token
			d.Issuer = issuerShown(claims)
		}
		keys, why := b.keysOf(d.Issuer, claims)
		if keys == trust.FetchRefused {
			id.Refused = why
		}
		if d.Check != trust.FetchRefused {
			d.Check, d.CheckWhy, d.CheckBy = keys, why, "keys"
		}
	}
	d.Proof = Proof{Subject: id.Subject, FQANs: id.FQANs}
	if d.Check == trust.FetchRefused && b.anyway(d, id, claims) {
		return
	}
	id.Refused = ""
	b.work(&d, id, claims)
	b.doors = append(b.doors, d)
}

// issuerShown is the issuer of a token, "*" of one that is made up.
func issuerShown(claims claimSet) string {
	if issuer, _ := claims["iss"].(string); issuer != otherIssuer {
		return issuer
	}
	return "*"
}

// passes says whether the client of a door gets past the guards above its rule with
// what the rule itself asks for.
func (b *builder) passes(d Door, id access.Identity, claims claimSet) bool {
	if !b.guards.guarded(d.Rule) {
		return true
	}
	text := ""
	if claims != nil {
		text = claims.JSON()
	}
	return slices.Contains(b.decide(id, text, access.JobCreate).Groups, d.Group)
}

// anyway adds the door of a client whose token or attributes count as none, and
// says whether it is open all the same.
func (b *builder) anyway(d Door, id access.Identity, claims claimSet) bool {
	shown := len(id.FQANs)
	id, _ = counted(b.site, id)
	if len(id.FQANs) < shown && endsWithout(b.site) {
		return false
	}
	if d.CheckBy == "CA" || id.Refused == "" && len(id.FQANs) == shown {
		return false
	}
	b.work(&d, id, claims)
	if d.anyway = d.Open(); d.anyway {
		b.doors = append(b.doors, d)
	}
	return d.anyway
}

// work asks for each operation. The decision and the proof of the door are those
// of the first one that is open.
func (b *builder) work(d *Door, id access.Identity, claims claimSet) {
	for _, a := range []struct {
		op    access.Operation
		right *Right
	}{{access.JobCreate, &d.Submit}, {access.JobInfo, &d.Read}, {access.JobCancel, &d.Cancel}} {
		required, scoped, text := b.policy.Required(a.op), claims, ""
		if claims != nil {
			scoped = claims.scoped(required)
			text = scoped.JSON()
		} else {
			required = nil
		}
		decision := b.decide(id, text, a.op)
		*a.right = d.rightOf(decision, required)
		if a.op == access.JobCreate {
			d.Queues = decision.Queues
			if decision.Allowed || decision.NoJobs != "" {
				taken := Submission(decision)
				*a.right = Right{State: taken.State, Why: taken.Why}
				if taken.State != No {
					a.right.Scope = strings.Join(required, " ")
				}
			}
		}
		a.right.Claims = text
		if a.op == access.JobCreate || decision.Allowed && !d.Decision.Allowed {
			d.Decision, d.Operation, d.claims, d.Proof.Claims = decision, a.op, scoped, text
		}
	}
}

// keysOf says whether the CE can check the tokens of an issuer, of which claims
// is one.
func (b *builder) keysOf(issuer string, claims claimSet) (trust.KeyFetch, string) {
	if !b.policy.TokensCount() {
		return trust.FetchRefused, "ARC 6 looks at no token without the block [authtokens]"
	}
	if shown, _ := claims["iss"].(string); issuer == "*" && shown != otherIssuer {
		if t := trust.Of(b.site, shown); t.KeyFetch == trust.FetchRefused {
			return t.KeyFetch, t.Reason // the rule takes no issuer but such ones
		}
	}
	if issuer == "*" {
		return trust.FetchUnknown, "any issuer whose server has a chain that the CE trusts"
	}
	t := trust.Of(b.site, issuer)
	return t.KeyFetch, strings.TrimPrefix(t.Reason, string(t.KeyFetch)+", ")
}

// attributes looks at what vomsdir says of the VOs, where a CA is trusted at all.
func (b *builder) attributes(d *Door, fqans []string) {
	for _, fqan := range fqans {
		switch answer, why := trust.VO(b.site, access.VOOf(fqan)); {
		case answer == trust.Refused && d.Check != trust.FetchRefused:
			d.Check, d.CheckWhy, d.CheckBy = trust.FetchRefused, why, vomsNeeds(b.site, access.VOOf(fqan))
		case answer == trust.Unknown && d.Check == trust.FetchAccepted:
			d.Check, d.CheckWhy, d.CheckBy = trust.FetchUnknown, why, vomsNeeds(b.site, access.VOOf(fqan))
		case answer == trust.Accepted && d.Check == trust.FetchAccepted:
			if open := trust.OpenTo(b.site, access.VOOf(fqan)); open != "" {
				d.CheckWhy += "; " + open + " has a chain of one line, so that anybody with a certificate of one of them can sign the attributes"
			}
		}
	}
}

// vomsNeeds is what the CE needs to check the attributes of a VO, and has not where they
// do not count for certain.
func vomsNeeds(s *site.Site, vo string) string {
	switch fault := trust.FaultOfCA(s, vo); {
	case !trust.AttributesCount(s), fault == trust.CAAbsent:
		return "VOMS CA"
	case fault == trust.CAEnded:
		return "valid VOMS CA"
	}
	return ".lsc"
}

// rightOf reads a decision. Where nobody can know whom a rule lets in, it is
// unknown if the other answer would open the door.
func (d Door) rightOf(decision access.Decision, required []string) Right {
	scope := strings.Join(required, " ")
	if decision.Allowed {
		if n := slices.IndexFunc(decision.Depends, shutsOut); n >= 0 {
			return Right{State: Unknown, Scope: scope, Why: decision.Depends[n].On}
		}
		return Right{State: Yes, Scope: scope}
	}
	for _, on := range decision.Depends {
		opens := slices.ContainsFunc(on.Otherwise, func(o string) bool { return strings.HasPrefix(o, access.AllowAs) })
		behind := on.Kind == access.OnValue && slices.Contains(decision.Made, d.Rule.Option.Line)
		if (d.Width == UnknownDoor || behind) && opens {
			return Right{State: Unknown, Scope: scope, Why: on.On}
		}
	}
	return Right{State: No, Why: decision.Reason}
}
