//go:build lab

package lab_test

import (
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"arclint/fixtures/pki"
	"arclint/fixtures/policies"
	"arclint/fixtures/world"
	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/lab"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

// gate is a CE that visitors ask, and arclint who says what it answers.
type gate struct {
	t       *testing.T
	ce      *lab.CE
	issuers map[string]*lab.Issuer // by their address in policies
	places  *strings.Replacer      // puts the real addresses
	back    *strings.Replacer      // and those of policies again

	policy policies.Policy
	site   *site.Site
	failed error // why the CE does not run with the policy
}

func newGate(t *testing.T, s lab.Suite, chroot string) *gate {
	g := &gate{t: t, ce: open(t, s, chroot), issuers: map[string]*lab.Issuer{}}
	pairs := []string{policies.WSURL, fmt.Sprintf("https://ce.example.org:%d/arex", g.ce.Port)}
	for _, address := range policies.Issuers() {
		i, err := lab.Serve(world.Issuer, issuerChain(), []lab.SigningKey{signingKey})
		ok(t, err)
		t.Cleanup(i.Close)
		g.issuers[address] = i
		// Without the scheme: some name the issuer with another.
		pairs = append(pairs, strings.TrimPrefix(address, "https:"), strings.TrimPrefix(i.URL, "https:"))
		pairs = append(pairs, strings.TrimPrefix(address, "https://"), strings.TrimPrefix(i.URL, "https://"))
	}
	g.places = strings.NewReplacer(pairs...)
	slices.Reverse(pairs)
	g.back = strings.NewReplacer(pairs...)
	ok(t, g.ce.Write(fmt.Sprintf("%s/%s.0", world.GridDir, hostCA().Hash()), string(hostCA().PEM()), 0o644))
	// A-REX makes the control directory, without which 7.2.0 takes no job.
	ok(t, g.ce.Configure(lab.Conf{}))
	if !g.ce.RunsJobs() {
		t.Fatal("A-REX does not start")
	}
	return g
}

func issuerChain() []*pki.Entity { return []*pki.Entity{issuerCert(), hostCA()} }

// startsMore is how often a CE is started again that ought to start: a machine under load
// may let it come up too late.
const startsMore = 2

// install starts the CE with a policy, and lets arclint read the same files.
func (g *gate) install(p policies.Policy) {
	const confd = "/etc/arc.conf.d/policy.conf"
	g.policy = p
	err := errors.Join(g.ce.Stop(), g.ce.Clean(policies.Pools()...), g.ce.Remove(confd), g.ce.Write("/etc/arc.conf", g.places.Replace(p.Text()), 0o644))
	for name, text := range policies.Files() {
		err = errors.Join(err, g.ce.Write(name, g.places.Replace(text), 0o644))
	}
	if text := p.AddedText(); text != "" {
		err = errors.Join(err, g.ce.Write(confd, g.places.Replace(text), 0o644))
	}
	ok(g.t, err)
	g.site = g.load()
	g.failed = g.ce.Start()
	for range startsMore {
		if g.failed == nil || g.stops() {
			break
		}
		g.t.Logf("the CE does not start, and arclint knows no reason; it is started again: %v", g.failed)
		ok(g.t, g.ce.Stop())
		g.failed = g.ce.Start()
	}
	if g.failed != nil && !errors.Is(g.failed, lab.ErrNotStarted) && !errors.Is(g.failed, lab.ErrDeaf) {
		g.t.Fatal(g.failed)
	}
}

// stops says whether arclint knows why the CE does not start.
func (g *gate) stops() bool { return len(access.Model(g.site).Stops()) > 0 }

// load reads the files of the CE as arclint whoami does, with the chains and the
// keys of the issuers as evidence.
func (g *gate) load() *site.Site {
	tree, err := rootfs.Dir(g.ce.Path("/"))
	ok(g.t, err)
	defer tree.Close()
	s, err := site.Load(tree, site.Options{Root: "the CE of " + g.ce.Name, Now: now, Evidence: g.evidence()})
	ok(g.t, err)
	return s
}

func (g *gate) evidence() rootfs.FS {
	all := rootfs.NewMem()
	keys, err := json.Marshal(lab.KeySet(signingKey))
	ok(g.t, err)
	for _, i := range g.issuers {
		stem := strings.ReplaceAll(strings.Split(strings.TrimPrefix(i.URL, "https://"), "/")[0], ":", "_")
		ok(g.t, errors.Join(
			all.WriteFile("/"+stem+".pem", pki.Chain(issuerChain()...), 0o644),
			all.WriteFile("/"+stem+".jwks.json", keys, 0o644)))
	}
	return all
}

// pair is a visitor at a CE: what it answered, and what arclint says.
type pair struct {
	visitor policies.Visitor
	got     lab.Answer
	said    admission.Answer
}

// visit lets the visitor ask the CE, and arclint.
func (g *gate) visit(v policies.Visitor) pair {
	var person admission.Person
	token := ""
	if len(v.Claims) > 0 {
		token = lab.SignJSON(signingKey, []byte(g.places.Replace(v.JSON())))
		var err error
		person, err = admission.ReadToken(token)
		ok(g.t, err)
	}
	var chain []*pki.Entity
	if v.Subject != "" {
		chain = withProxies(worlds.New(pki.Spec{Subject: v.Subject, Issuer: hostCA(), EKU: []string{"clientAuth"}}), v.Attributes)
		person.Chain = certificates(g.t, chain)
	}
	op, ask := access.JobInfo, g.ce.Ask
	if v.Submits {
		op, ask = access.JobCreate, g.ce.Submit
	}
	return pair{visitor: v, got: ask(chain, token), said: admission.Ask(g.site, person, op)}
}

// withProxies puts a proxy for each VO above the user's certificate, with its attributes.
func withProxies(user *pki.Entity, attributes []string) []*pki.Entity {
	chain := []*pki.Entity{user}
	by := map[string][]string{}
	for _, a := range attributes {
		vo, fqan, _ := strings.Cut(a, ":")
		by[vo] = append(by[vo], fqan)
	}
	for i, vo := range slices.Sorted(maps.Keys(by)) {
		ac := pki.AC{VO: vo, FQANs: by[vo], Holder: user, Signer: vomsServer()}
		chain = append([]*pki.Entity{worlds.New(pki.Spec{
			Issuer: chain[0], Key: []string{"rsa5", "rsa6", "rsa3"}[i], Proxy: &pki.Proxy{}, Extensions: []pkix.Extension{pki.At(now).Attributes(ac)},
		})}, chain...)
	}
	return chain
}

var vomsServer = sync.OnceValue(func() *pki.Entity {
	return worlds.New(pki.Spec{Subject: policies.VOMSServer, Key: "rsa4", Issuer: hostCA(), EKU: []string{"serverAuth"}})
})

// disagrees says in what the two differ, "" where they agree.
func (p pair) disagrees() string {
	d := p.said.Decision
	let := p.got.Status == 200 || p.visitor.Submits && p.got.Status == 201
	switch {
	case p.unsure():
		return p.disagreesWithAll(let)
	case let != d.Allowed:
		return "the decision"
	case !let && p.got.Status != d.Status:
		return "the status of a refusal"
	case let && p.got.Account != userOf(d.Account):
		return "the account"
	case p.visitor.Submits && let && p.got.Job != d.Submits():
		return "whether a job is taken"
	case p.got.Status != 0 && !slices.Equal(unique(p.got.Groups), unique(d.Groups)):
		return "the groups"
	}
	return ""
}

// unsure says whether files did not tell something on the way, which may change
// the groups and the status, and the decision where Depends says so.
func (p pair) unsure() bool {
	return len(p.said.Depends) > 0 || p.said.Signature.State == admission.NotChecked ||
		slices.ContainsFunc(p.said.Trace, func(s access.Step) bool { return strings.HasPrefix(s.Result, "unknown") })
}

// disagreesWithAll holds the answer against all that may come of what the files
// do not tell.
func (p pair) disagreesWithAll(let bool) string {
	may := []string{p.said.Outcome()}
	for _, on := range p.said.Depends {
		may = append(may, on.Otherwise...)
	}
	for _, outcome := range may {
		account, in := strings.CutPrefix(outcome, access.AllowAs)
		switch {
		case in != let:
		case !in, userOf(account) == p.got.Account, strings.HasPrefix(account, "an account that the plugin"):
			return ""
		case strings.HasPrefix(account, "an account that the pool") && slices.Contains(poolAccounts, p.got.Account):
			return ""
		}
	}
	return fmt.Sprintf("the outcome, which may be %q", may)
}

// poolAccounts are those of the pools of policies, and of the corpus.
var poolAccounts = append(policies.PoolAccounts(), "phys001", "phys002", "phys003", "bio001", "bio002")

// userOf leaves the group out, at which ARC does not look (arc-behaviour B8).
func userOf(account string) string {
	user, _, _ := strings.Cut(account, ":")
	return user
}

func unique(groups []string) []string {
	list := slices.Clone(groups)
	slices.Sort(list)
	return slices.Compact(list)
}

func (p pair) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "visitor: certificate %q, attributes %v, claims %s, submits %v\n", p.visitor.Subject, p.visitor.Attributes, p.visitor.JSON(), p.visitor.Submits)
	fmt.Fprintf(&b, "the CE: %s, groups %v, job %v\narclint: %d %s, groups %v, %s\n", p.got, p.got.Groups, p.got.Job, p.said.Status, p.said.Outcome(), p.said.Groups, p.said.Reason)
	for _, s := range p.said.Trace {
		fmt.Fprintf(&b, "    %s: %s\n", s.Rule, s.Result)
	}
	for _, on := range p.said.Depends {
		fmt.Fprintf(&b, "    depends on %s: %v\n", on.On, on.Otherwise)
	}
	return b.String()
}

// kind is a word for what the visitor shows.
func (p pair) kind() string {
	switch {
	case p.visitor.Subject != "" && len(p.visitor.Claims) > 0:
		return "both"
	case len(p.visitor.Attributes) > 0:
		return "VOMS attributes"
	case p.visitor.Subject != "":
		return "a certificate"
	case len(p.visitor.Claims) > 0:
		return "a token"
	}
	return "nothing"
}

// kinds are the words of kind.
var kinds = []string{"a token", "a certificate", "VOMS attributes", "both", "nothing"}

// sum adds numbers by name.
func sum(m map[string]int) int {
	n := 0
	for v := range maps.Values(m) {
		n += v
	}
	return n
}
