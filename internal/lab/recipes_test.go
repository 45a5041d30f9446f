//go:build lab

package lab_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/lab"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/recipes"
)

// The people of the story: two public CAs that the operating system trusts, and
// what their customers have.
type publicCAs struct {
	root, inter             *pki.Entity // over the issuer
	otherRoot, otherInter   *pki.Entity // where the issuer goes one day
	issuer, moved, stranger *pki.Entity // servers: the issuer, the issuer under the other CA, somebody else
	client                  *pki.Entity // a customer's client certificate
	gridHost                *pki.Entity // somebody's host certificate of a grid CA
}

func newPublicCAs() publicCAs {
	p := publicCAs{
		root:      worlds.New(pki.Spec{Subject: "/C=US/O=Example Public Trust/CN=Example Public Root 1", Key: "rsa1"}),
		otherRoot: worlds.New(pki.Spec{Subject: "/C=US/O=Other Public Trust/CN=Other Public Root 1", Key: "rsa5"}),
	}
	p.inter = worlds.New(pki.Spec{Subject: "/C=US/O=Example Public Trust/CN=Example Public CA 1", Key: "rsa3", Issuer: p.root, IsCA: pki.True})
	p.otherInter = worlds.New(pki.Spec{Subject: "/C=US/O=Other Public Trust/CN=Other Public CA 1", Key: "rsa6", Issuer: p.otherRoot, IsCA: pki.True})
	server := func(host string, issuer *pki.Entity) *pki.Entity {
		return worlds.New(pki.Spec{Subject: "/CN=" + host, Issuer: issuer, EKU: []string{"serverAuth"}, DNSNames: []string{host}})
	}
	p.issuer, p.moved = server(world.Issuer, p.inter), server(world.Issuer, p.otherInter)
	p.stranger, p.gridHost = server("other.example.org", p.inter), server("other.example.org", hostCA())
	p.client = worlds.New(pki.Spec{Subject: "/C=US/O=Customer/CN=Anybody", Issuer: p.inter, EKU: []string{"clientAuth"}})
	return p
}

// measured is what a strategy does on a real CE.
type measured struct {
	Token, Client            lab.Answer
	Fetches                  int
	ForgedPublic, ForgedGrid lab.Answer // tokens of a forged issuer with somebody's certificate of a public and of a grid CA
	NewKey, OldKey           lab.Answer // at once after the issuer has changed its keys
	NewKeyLater, OldKeyLater lab.Answer // after the timer, where there is one
	KnownKeyMoved            lab.Answer // a key that the CE knows, after the issuer has gone to another CA
	NewKeyMoved              lab.Answer // and a new one, after the timer where there is one
	Timer                    bool
}

// strategies are the recipes for the story, and the line of arc.conf for which
// there is none.
var strategies = []string{"pin-issuer", "split-trust", "anchor-with-policy", anyPolicy}

const anyPolicy = "x509_cert_policy=any"

// tale is the DUNE story on one CE with one strategy.
type tale struct {
	t    *testing.T
	ce   *lab.CE
	cas  publicCAs
	conf lab.Conf

	issuer *lab.Issuer
	before map[string]string
	plan   recipes.Plan  // of the strategy; none for anyPolicy
	table  recipes.Table // that compares the strategies
	got    measured
}

// TestStrategies repairs the broken CE of the DUNE story with each strategy that
// the release has, and looks what the repair does.
func TestStrategies(t *testing.T) {
	cas := newPublicCAs()
	found := newFidelity()
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			for _, strategy := range strategies {
				if strategy == "pin-issuer" && !s.Does.PinnedIssuers || strategy == anyPolicy && !s.Does.CertPolicy.Known() {
					continue
				}
				t.Run(strategy, func(t *testing.T) {
					st := &tale{t: t, ce: openAsInstalled(t, s, chroot), cas: cas}
					st.tell(strategy)
					st.compareTable(strategy)
					found.add(st, strategy)
				})
			}
		})
	})
	found.compare(t)
}

// openAsInstalled gives a CE with the IGTF CAs of its packages, one more grid CA,
// which is that of its own certificate, and two more public ones.
func openAsInstalled(t *testing.T, s lab.Suite, chroot string) *lab.CE {
	t.Helper()
	ce := openBare(t, s, chroot)
	ok(t, ce.Warm())
	ok(t, ce.Write(fmt.Sprintf("%s/%s.0", world.GridDir, hostCA().Hash()), string(hostCA().PEM()), 0o644))
	return ce
}

func (st *tale) tell(strategy string) {
	t := st.t
	st.trustPublic(st.cas.root, st.cas.otherRoot)
	st.serve(st.cas.issuer, st.cas.inter, firstKey)
	st.conf = lab.Conf{Issuer: st.issuer.URL}
	ok(t, start(t, st.ce, st.conf))
	if a := st.token(firstKey); a.Accepted() {
		t.Fatalf("the CE accepts the token before anything is repaired: %s", a)
	}
	if a := st.client(); a.Trusted() {
		t.Fatalf("the CE trusts the client before anything is repaired: %s", a)
	}
	st.before = changesOf(st.t, st.ce)
	st.table = st.planFor("split-trust").Table // the same in all plans
	st.repair(strategy)

	fetches := st.issuer.Fetches()
	st.got.Token, st.got.Client = st.token(firstKey), st.client()
	st.got.Fetches = st.issuer.Fetches() - fetches
	st.forge()
	st.rotate()
	st.move()
	st.takeBack(strategy)
}

var (
	firstKey  = lab.Key("key-1", "rsa4")
	secondKey = lab.Key("key-2", "rsa8")
	thirdKey  = lab.Key("key-3", "rsa3072")
	forgedRSA = lab.Key("forged-1", "rsa2")
)

func (st *tale) token(key lab.SigningKey) lab.Answer {
	return st.ce.AskWithToken(lab.Token(st.issuer.URL, key, now))
}

func (st *tale) client() lab.Answer {
	return st.ce.AskWithCertificate([]*pki.Entity{st.cas.client, st.cas.inter})
}

// serve lets a server with the certificate answer at the issuer's address, in
// place of the one that did.
func (st *tale) serve(server, inter *pki.Entity, keys ...lab.SigningKey) {
	st.t.Helper()
	var settings []lab.Setting
	if st.issuer != nil {
		inPlace, err := lab.InPlaceOf(st.issuer)
		ok(st.t, err)
		settings = append(settings, inPlace)
	}
	issuer, err := lab.Serve(world.Issuer, []*pki.Entity{server, inter}, keys, settings...)
	ok(st.t, err)
	if st.issuer == nil {
		st.t.Cleanup(func() { st.issuer.Close() })
	}
	st.issuer = issuer
}

// trustPublic adds CAs to those of the operating system.
func (st *tale) trustPublic(roots ...*pki.Entity) {
	for i, root := range roots {
		ok(st.t, st.ce.Write(fmt.Sprintf("/usr/local/share/ca-certificates/example-%d.crt", i), string(root.PEM()), 0o644))
	}
	runIn(st.t, st.ce, "update-ca-certificates")
}

const script = "/root/recipe.sh"

// repair runs the script that arclint recipe writes, twice.
func (st *tale) repair(strategy string) {
	t := st.t
	if strategy == anyPolicy {
		st.conf.Common = []string{anyPolicy}
		ok(t, start(t, st.ce, st.conf))
		return
	}
	st.plan = st.planFor(strategy)
	var text bytes.Buffer
	ok(t, recipes.Shell(&text, st.plan))
	ok(t, st.ce.Write(script, text.String(), 0o700))
	st.before[script] = changesOf(st.t, st.ce)[script]
	said := runIn(st.t, st.ce, "sh", script)
	if !st.ce.Await() {
		t.Fatalf("the CE does not answer after the recipe\n%s", said)
	}
	after := changesOf(st.t, st.ce)
	if said := runIn(st.t, st.ce, "sh", script); !strings.Contains(said, "nothing to change") {
		t.Errorf("the second run of the recipe says\n%s", said)
	}
	if diff := cmp.Diff(after, changesOf(st.t, st.ce)); diff != "" {
		t.Errorf("the second run of the recipe changes files (-first +second):\n%s", diff)
	}
}

// planFor is what arclint plans from the files of the CE and the chain of the
// issuer.
func (st *tale) planFor(strategy string) recipes.Plan {
	t := st.t
	tree, err := rootfs.Dir(st.ce.Path("/"))
	ok(t, err)
	defer tree.Close()
	s, err := site.Load(tree, site.Options{
		Root: "the CE", Now: now, Evidence: evidence(t, st.issuer.URL, []*pki.Entity{st.cas.issuer, st.cas.inter}),
	})
	ok(t, err)
	recipe, _ := recipes.Find("trust-issuer")
	plan, err := recipe.Make(s, recipes.Params{Issuer: st.issuer.URL, Strategy: strategy})
	ok(t, err)
	return plan
}

// restart makes the CE forget every key that it has fetched.
func (st *tale) restart() { ok(st.t, st.ce.Restart()) }

// forge lets others pose as the issuer: whoever has a certificate of the same
// public CA, and whoever has one of a grid CA, both for another host.
func (st *tale) forge() {
	for _, f := range []struct {
		server, inter *pki.Entity
		into          *lab.Answer
	}{{st.cas.stranger, st.cas.inter, &st.got.ForgedPublic}, {st.cas.gridHost, hostCA(), &st.got.ForgedGrid}} {
		st.restart()
		st.serve(f.server, f.inter, forgedRSA)
		*f.into = st.token(forgedRSA)
	}
}

// rotate lets the issuer change its keys.
func (st *tale) rotate() {
	st.restart()
	st.serve(st.cas.issuer, st.cas.inter, firstKey)
	if a := st.token(firstKey); !a.Accepted() {
		disagree(st.t, st.ce.Suite, "after a restart the CE does not accept the token: %s", a)
	}
	st.issuer.Rotate(secondKey)
	st.got.NewKey = st.token(secondKey)
	st.got.OldKey = st.token(firstKey)
	if st.fireTimer() {
		st.got.NewKeyLater, st.got.OldKeyLater = st.token(secondKey), st.token(firstKey)
	}
}

// move lets the issuer go to another public CA.
func (st *tale) move() {
	st.restart()
	st.serve(st.cas.issuer, st.cas.inter, secondKey)
	if a := st.token(secondKey); !a.Accepted() {
		disagree(st.t, st.ce.Suite, "after the rotation and a restart the CE does not accept the token: %s", a)
	}
	st.serve(st.cas.moved, st.cas.otherInter, secondKey, thirdKey)
	st.got.KnownKeyMoved = st.token(secondKey)
	st.fireTimer()
	st.got.NewKeyMoved = st.token(thirdKey)
}

// fireTimer does what the timer of pin-issuer does; false where there is none.
func (st *tale) fireTimer() bool {
	for _, a := range st.plan.Actions {
		if fetch, ok := a.(recipes.FetchIssuer); ok {
			runIn(st.t, st.ce, fetch.Tool)
			st.got.Timer = true
			return st.ce.Await()
		}
	}
	return false
}

// takeBack runs the rollback script: every byte is as it was.
func (st *tale) takeBack(strategy string) {
	if strategy == anyPolicy {
		return
	}
	st.serve(st.cas.issuer, st.cas.inter, firstKey)
	rollBack(st.t, st.ce, st.before)
	if a := st.token(firstKey); a.Accepted() {
		disagree(st.t, st.ce.Suite, "after the rollback the token is accepted: %s", a)
	}
}
