package admission

import (
	"slices"
	"strings"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/pattern"
	"arclint/internal/site"
	"arclint/internal/trust"
)

// Negative is what a site does with the requests that should be turned away.
type Negative struct {
	Results []Result // of the cases that files can answer, in their order
	Live    []Case   // of those that they cannot
	Stopped string   // why the service does not start: nothing gets in
	NoStart *NoStart // what check found; nil: nothing, or it was not asked
	Unknown string   // why nothing was tried
	NoJobs  string   // why the job of everybody is refused, who gets in as well; "" where it is not
	Bases   int      // requests that are to get in, from which the cases were made
	More    bool     // there are more ways in, which were not tried
}

// Result is what became of one case.
type Result struct {
	Case
	Tried   int // requests made for it; 0: the case does not arise at this site
	LetIn   []Trial
	Unknown []Trial // of those tried, whose answer hangs on what files do not tell, or on what the CE cannot check now
}

// Trial is a request that gets through, or may.
type Trial struct {
	Proof    Proof
	Decision access.Decision
	Submit   Right               // whether its job is taken; of no state where none is asked for
	Barred   bool                // only once the CE can check what is shown: the keys of the token, or the attributes
	Hangs    []access.Dependency // on what; of a request that is let in what could be otherwise, as the keys of an issuer whose chain is not known
}

// Outcome is a result in a word.
func (r Result) Outcome() string {
	switch {
	case len(r.LetIn) > 0:
		return "let in"
	case len(r.Unknown) > 0:
		return "unknown"
	case r.Tried == 0:
		return "does not arise"
	}
	return "refused"
}

// Hole says whether the site lets in what a rule could turn away.
func (r Result) Hole() bool { return len(r.LetIn) > 0 && !r.ByRelease }

// Made are chains of clients that were made up for the cases, by their ID, and
// the CA that most of them are below. It is the CA of nobody: what is asked is
// what this CE would do if it were installed.
type Made struct {
	Root   *gridsec.File
	Chains map[string][]*gridsec.Certificate
}

// Static runs the cases of submitting a job through verify and access, for each
// way into the site.
func Static(s *site.Site, made Made) Negative { return StaticFor(s, made, access.JobCreate) }

// StaticFor is Static for another operation.
func StaticFor(s *site.Site, made Made, op access.Operation) Negative {
	who := Doors(s)
	n := Negative{Stopped: who.Stopped, Unknown: who.Unknown}
	if n.Unknown != "" {
		return n
	}
	t := &tester{site: s, policy: access.Model(s), doors: who.Doors, made: made, op: op}
	if op == access.JobCreate {
		n.NoJobs = t.policy.TakesNoJob()
	}
	t.makeBases()
	n.Bases, n.More = len(t.tokens)+len(t.names), t.more
	for _, c := range Cases(op) {
		if c.Live {
			n.Live = append(n.Live, c)
		} else {
			n.Results = append(n.Results, t.run(c))
		}
	}
	n.Results = append(n.Results, t.nobody(), t.stranger(), t.publicCA())
	return n
}

// SoundFor makes claims of an issuer that the rules of the site let in for an
// operation; false where no rule does.
func SoundFor(s *site.Site, op access.Operation, issuer string) (Sound, bool) {
	t := &tester{site: s, policy: access.Model(s), doors: Doors(s).Doors, op: op}
	t.makeBases()
	for _, b := range t.tokens {
		if b.claimSet["iss"] == issuer {
			return Sound{Claims: b.claimSet, Issuer: issuer, Group: b.group, Now: s.Now}, true
		}
	}
	return Sound{}, false
}

// tester holds the requests that are to get in.
type tester struct {
	site   *site.Site
	policy *access.Policy
	doors  []Door
	tokens []good
	names  []string        // subjects that rules name
	holder access.Identity // who is to get in with a certificate; nobody where there is no such door
	made   Made
	op     access.Operation
	more   bool // not all ways in were taken
}

var hostName = pattern.OnDemand(`^[A-Za-z0-9.-]+$`)

// maxBases bounds the proper requests: each is spoilt in some fifty ways.
const maxBases = 100

// makeBases makes of each way in for tokens a proper one: for this CE, with the
// scope that it needs.
func (t *tester) makeBases() {
	seen := map[string]bool{}
	cases, work := len(Cases(t.op)), 0
	for _, d := range t.doors {
		if d.Open() && d.Proof.Subject != "" && d.claims == nil && t.holder.Subject == "" && t.allows(d) {
			t.holder = access.Identity{Subject: d.Proof.Subject, FQANs: d.Proof.FQANs}
		}
		switch {
		case len(t.tokens)+len(t.names) >= maxBases || work >= maxWork:
			t.more = t.more || d.Open()
		case d.Issuer != "" && d.Open():
			if b, ok := t.tokenBase(d); ok && !seen[b.JSON()] {
				seen[b.JSON()] = true
				t.tokens = append(t.tokens, b)
				work += cases * d.Decision.Work
			}
		case d.Width == OnePerson && d.Open() && d.Proof.Subject != "" && d.claims == nil && !slices.Contains(t.names, d.Proof.Subject):
			t.names = append(t.names, d.Proof.Subject)
			work += cases * d.Decision.Work
		}
	}
	// Proofs with an issuer of the site tell more.
	slices.SortStableFunc(t.tokens, func(a, b good) int { return strings.Compare(noIssuer(a), noIssuer(b)) })
}

// allows says whether who comes in by a door may do what is asked.
func (t *tester) allows(d Door) bool {
	if t.op == access.JobCreate {
		return d.Decision.Allowed
	}
	return t.policy.Evaluate(access.Identity{Subject: d.Proof.Subject, FQANs: d.Proof.FQANs}, t.op).Allowed
}

func noIssuer(b good) string {
	if b.issuer == "" {
		return "last"
	}
	return "first"
}

func (t *tester) tokenBase(d Door) (good, bool) {
	claims := d.claims.scoped(t.policy.Required(t.op))
	own := "https://ce.example.org"
	if name := t.site.Hostname(); hostName().MatchString(name) {
		own = "https://" + name
	}
	if claims["aud"] == otherAudience {
		claims = claims.with(claimSet{"aud": own})
	}
	g := good{claimSet: claims, now: t.site.Now}
	if e, ok := d.Rule.Test.(*authgroup.Expression); d.Issuer != "*" || ok && e.Pins("iss") {
		g.issuer, _ = claims["iss"].(string)
	}
	if rule, ok := d.Rule.Test.(*authgroup.Tokens); ok && !rule.Group.Any() {
		g.group = rule.Group.Text
	}
	allowed := t.policy.Decide(access.Identity{Claims: claims.person().Claims}, t.op).Allowed
	return g, allowed
}

func (t *tester) run(c Case) Result {
	r := Result{Case: c}
	if chain := t.made.Chains[c.ID]; c.chain && len(chain) > 0 {
		t.chain(&r, chain)
	}
	for _, b := range t.tokens {
		if c.change == nil {
			break
		}
		if text := c.change(b); text != "" {
			t.token(&r, text)
		}
	}
	for _, dn := range t.names {
		if c.rename == nil {
			break
		}
		if other := c.rename(dn); other != dn {
			t.ask(&r, access.Identity{Subject: other}, Proof{Subject: other})
		}
	}
	return r
}

// chain asks with a made-up chain: of CAs that are not installed as the site is,
// of the others as if their CA were.
func (t *tester) chain(r *Result, chain []*gridsec.Certificate) {
	v := trust.Chain(t.site, trust.Client, chain)
	if r.ID != "cert-other-ca" && r.ID != "cert-self-signed" {
		v = trust.ChainUnder(t.site, trust.Client, t.made.Root, chain)
	}
	if !v.Accepted {
		r.Tried++
		return
	}
	id := t.holder // as if it were the certificate of somebody who is to get in
	if id.Subject == "" {
		id.Subject = trust.EndEntity(chain).SubjectName
	}
	t.ask(r, id, Proof{Subject: id.Subject, FQANs: id.FQANs})
}

// token asks with a token that is taken for a genuine one.
func (t *tester) token(r *Result, text string) {
	claims, err := access.ParseClaims([]byte(text))
	if err != nil {
		return // made here: it can be read
	}
	t.ask(r, access.Identity{Claims: claims}, Proof{Claims: text})
}

// ask tries a request with what of it counts. If that does not get in, the trial
// says what would be if the CE could check the rest.
func (t *tester) ask(r *Result, id access.Identity, proof Proof) {
	r.Tried++
	left, missing := counted(t.site, id)
	d, barred := t.policy.Decide(left, t.op), false
	on, refused := unverified(t.site, id)
	if refused {
		missing = append(missing, on)
	}
	if refused || len(left.FQANs) < len(id.FQANs) && endsWithout(t.site) {
		d = access.Decision{}
	}
	if !d.Allowed && len(missing) > 0 && !never(t.site, id) {
		d, barred = t.policy.Decide(id, t.op), true
	}
	for i := range missing {
		missing[i].Otherwise = []string{d.Outcome()}
	}
	keys, hardly := t.onKeys(left, d)
	trial := Trial{Proof: proof, Decision: d, Barred: barred, Hangs: slices.Concat(missing, keys, d.Depends)}
	if t.op == access.JobCreate {
		trial.Submit = Submission(d)
	}
	switch {
	case d.Allowed && !barred && !hardly && !slices.ContainsFunc(d.Depends, shutsOut):
		trial.Hangs = trial.Hangs[len(missing):]
		r.LetIn = append(r.LetIn, trial)
	case d.Allowed, slices.ContainsFunc(d.Depends, letsIn):
		r.Unknown = append(r.Unknown, trial)
	}
}

// nobody asks without a certificate and without a token.
func (t *tester) nobody() Result {
	r := Result{Case: nobodyCase()}
	t.ask(&r, access.Identity{}, Proof{})
	return r
}

// stranger asks for a certificate that no rule names.
func (t *tester) stranger() Result {
	r := Result{Case: strangerCase()}
	t.ask(&r, access.Identity{Subject: otherCertName}, Proof{Subject: otherCertName})
	return r
}

// publicCA asks for a certificate that anybody can get from a public CA: it is
// refused where no such CA is trusted for clients, and where no rule takes its
// subject.
func (t *tester) publicCA() Result {
	r := Result{Case: publicCase()}
	trusted := slices.ContainsFunc(trust.Anchors(t.site, trust.Client), trust.IsPublicRoot)
	if !trusted {
		return r
	}
	t.ask(&r, access.Identity{Subject: "/CN=anybody.example.net"}, Proof{Subject: "/CN=anybody.example.net"})
	return r
}

// Blame are the lines of the groups that let a trial in: those that a repair
// would narrow. Lines of [mapping] and of access lists only pass on what a group
// says.
func (t Trial) Blame() []access.Step {
	var lines []access.Step
	for _, s := range t.Decision.Because {
		if strings.HasPrefix(s.Result, "member: ") || strings.HasPrefix(s.Result, "unknown") {
			lines = append(lines, s)
		}
	}
	return lines
}
