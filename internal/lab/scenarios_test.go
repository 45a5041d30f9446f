//go:build lab

package lab_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"arclint/fixtures/world"
	"arclint/internal/lab"
	"arclint/internal/trust"
)

// TestScenarios asks every CE what it does in each measured scenario, and
// arclint what it thinks that the CE does.
func TestScenarios(t *testing.T) {
	found, defects := newLedger(), &defectives{states: map[string][]state{}}
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			b := &bench{t: t, ce: open(t, s, chroot), ledger: found, seen: map[string]outcome{}}
			for _, c := range cases() {
				b.run(c)
			}
			found.sign(t, b.ce)
			found.addOdd(b.odd)
			b.report()
			defects.add(b)
		})
	})
	found.compare(t)
	defects.compare(t)
}

// scenario is one with its group and name.
type scenario struct {
	group, name string
	build       world.Scenario
	conf        string // the lines of arc.conf of its own
}

// cases are all scenarios in an order in which the CE is started seldom.
func cases() []scenario {
	var all []scenario
	for group, named := range world.Scenarios() {
		for name, build := range named {
			w := worlds.World()
			build(w)
			all = append(all, scenario{group, name, build, fmt.Sprint(w.Common, w.WS, w.ConfD)})
		}
	}
	slices.SortFunc(all, func(a, b scenario) int {
		return cmp.Or(strings.Compare(a.conf, b.conf), strings.Compare(a.group+a.name, b.group+b.name))
	})
	return all
}

// bench runs scenarios on one CE.
type bench struct {
	t       *testing.T
	ce      *lab.CE
	running *lab.Conf // that it runs with
	failed  error     // why it does not run
	ledger  *ledger
	seen    map[string]outcome // what was asked so far, by group and name; nil: not kept
	agreed  map[string]int     // by question
	asked   int                // worlds
	odd     []string           // first answers that did not agree and were not given again
}

// run builds a scenario and compares.
func (b *bench) run(c scenario) {
	name := c.group + " " + c.name
	got, said := b.tryTwice(name, func() *world.World {
		w := worlds.World()
		c.build(w)
		return w
	})
	b.seen[name] = got
	b.ledger.add(b.ce.Measured, c, got, said)
	b.compare(name, got, said)
}

// tryTwice asks again where the first answers do not agree, and tells them: once
// in some thousand cases a CE does something that it does not do again.
func (b *bench) tryTwice(name string, build func() *world.World) (outcome, []claim) {
	b.asked++
	first, said := b.try(build())
	if len(disagreeing(said)) == 0 {
		return first, said
	}
	b.t.Logf("%s: the CE: %s, which does not agree; it is started and asked again", name, first)
	b.running = nil
	got, said := b.try(build())
	if len(disagreeing(said)) == 0 {
		b.odd = append(b.odd, strings.Join([]string{name, b.ce.Measured, first.String(), "not given again"}, "\t"))
	}
	return got, said
}

func disagreeing(said []claim) []claim {
	return slices.DeleteFunc(slices.Clone(said), func(c claim) bool { return c.agrees })
}

// try puts the world into the files of the CE, and asks both.
func (b *bench) try(w *world.World) (outcome, []claim) {
	b.install(w)
	conf := lab.Conf{Common: w.Common, WS: w.WS, ConfD: w.ConfD}
	b.runWith(conf)
	issuer, err := lab.Serve(world.Issuer, w.Chain, []lab.SigningKey{signingKey})
	ok(b.t, err)
	defer issuer.Close()
	got := b.ask(issuer, w)
	return got, claims(got, predict(b.t, b.ce, conf, issuer.URL, w), issuer.URL)
}

var signingKey = lab.Key("lab-1", "rsa4")

// install replaces what the last scenario left. The CA of the CE's own
// certificate stands in every directory that 6.17 might look at.
func (b *bench) install(w *world.World) {
	ok(b.t, b.ce.Clean(world.GridDir, world.CustomDir))
	ok(b.t, b.ce.Copy(w.Tree))
	for _, dir := range []string{world.GridDir, world.CustomDir} {
		ok(b.t, b.ce.Write(fmt.Sprintf("%s/%s.0", dir, hostCA().Hash()), string(hostCA().PEM()), 0o644))
	}
}

// runWith starts the CE again where it runs with another arc.conf.
func (b *bench) runWith(conf lab.Conf) {
	if b.running == nil || !reflect.DeepEqual(*b.running, conf) {
		b.running, b.failed = &conf, start(b.t, b.ce, conf)
		if b.failed != nil && !errors.Is(b.failed, lab.ErrNotStarted) && !errors.Is(b.failed, lab.ErrDeaf) {
			b.t.Fatal(b.failed)
		}
	}
}

// outcome is what the CE did.
type outcome struct {
	notStarted    error
	token, client lab.Answer
	fetches       int
}

func (b *bench) ask(issuer *lab.Issuer, w *world.World) outcome {
	if b.failed != nil {
		return outcome{notStarted: b.failed}
	}
	o := outcome{token: b.ce.AskWithToken(lab.Token(issuer.URL, signingKey, now))}
	o.fetches = issuer.Fetches()
	o.client = b.ce.AskWithCertificate(w.ClientChain())
	return o
}

func (o outcome) String() string {
	if o.notStarted != nil {
		first, _, _ := strings.Cut(o.notStarted.Error(), "\n")
		return first
	}
	return fmt.Sprintf("token: %s (%d fetches), client certificate: %s", o.token, o.fetches, o.client)
}

// claim is one thing that arclint says, and whether the CE agrees.
type claim struct {
	about  string
	agrees bool
	said   string
}

// claims hold the four answers of arclint against what the CE did.
func claims(got outcome, p prediction, issuer string) []claim {
	if got.notStarted != nil {
		return []claim{{"start", len(p.errors) > 0, "check finds no error"}}
	}
	fetched := got.token.Accepted()
	return []claim{
		{"issuer", p.issuer.Accepted == fetched,
			fmt.Sprintf("verify --purpose issuer: accepted is %v (%s)\n%s", p.issuer.Accepted, p.issuer.Reason, trace(p.issuer))},
		{"client", p.client.Accepted == got.client.Trusted(),
			fmt.Sprintf("verify --purpose client: accepted is %v (%s)\n%s", p.client.Accepted, p.client.Reason, trace(p.client))},
		{"trust", p.trust.KeyFetch == fetch(fetched),
			fmt.Sprintf("trust: key fetch is %q, %s", p.trust.KeyFetch, p.trust.Reason)},
		{"check", (len(p.about(issuer)) == 0) == fetched,
			fmt.Sprintf("check: %d errors about the issuer: %v", len(p.about(issuer)), messages(p))},
	}
}

func fetch(accepted bool) trust.KeyFetch {
	if accepted {
		return trust.FetchAccepted
	}
	return trust.FetchRefused
}

func messages(p prediction) []string {
	var list []string
	for _, f := range p.errors {
		list = append(list, f.Rule+": "+f.Message())
	}
	return list
}

// compare counts what agrees and fails on what does not.
func (b *bench) compare(name string, got outcome, claims []claim) {
	if b.agreed == nil {
		b.agreed = map[string]int{}
	}
	for _, c := range claims {
		if !c.agrees {
			disagree(b.t, b.ce.Suite, "%s\n  the CE: %s\n  %s", name, got, c.said)
			continue
		}
		b.agreed[c.about]++
	}
}

// report says how many answers agree. Odd ones are as rare as this, or something
// is wrong with the lab.
func (b *bench) report() {
	if len(b.odd) > 1+b.asked/100 {
		b.t.Errorf("of %d, %d first answers were not given again:\n%s", b.asked, len(b.odd), strings.Join(b.odd, "\n"))
	}
	for _, first := range b.odd {
		b.t.Log(first)
	}
	for _, q := range slices.Sorted(maps.Keys(b.agreed)) {
		b.t.Logf("%s: %d answers agree", q, b.agreed[q])
	}
}
