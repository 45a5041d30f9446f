//go:build lab

package lab_test

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"arclint/fixtures/golden"
	"arclint/fixtures/world"
	"arclint/internal/access"
	"arclint/internal/admission"
	"arclint/internal/lab"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
)

// What a CE does with the attributes of a client, in the words of the table of
// internal/trust.
const (
	attributesCount   = "attributes count"
	attributesDropped = "attributes dropped"
	connectionEnds    = "connection ends"
	notStarted        = "-"
)

// TestMemberships lets clients with VOMS attributes ask every CE, whose one authgroup
// takes in whoever has some that count: arclint whoami --cert agrees.
func TestMemberships(t *testing.T) {
	found := &membershipTable{rows: map[string]map[string]string{}}
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			d := &door{bench: bench{t: t, ce: open(t, s, chroot)}}
			for _, c := range memberships() {
				found.add(s.Measured, c.name, d.run(c))
			}
			found.sign(t, d.ce)
		})
	})
	found.compare(t)
}

// memberships are the scenarios in an order in which the CE is started seldom.
func memberships() []scenario {
	var all []scenario
	for name, build := range world.Memberships() {
		w := worlds.World()
		build(w)
		all = append(all, scenario{"V", name, build, fmt.Sprint(w.Common)})
	}
	slices.SortFunc(all, func(a, b scenario) int {
		return cmp.Or(strings.Compare(a.conf, b.conf), strings.Compare(a.name, b.name))
	})
	return all
}

// door is a CE that clients with attributes ask.
type door struct{ bench }

// run builds a scenario, asks both, and says what the CE did.
func (d *door) run(c scenario) string {
	got, said, why := d.attempt(c)
	if got != said {
		d.t.Logf("%s: the CE: %s, arclint: %s; it is started and asked again", c.name, got, said)
		d.running = nil
		got, said, why = d.attempt(c)
	}
	if got != said {
		disagree(d.t, d.ce.Suite, "%s\n  the CE: %s\n  whoami: %s\n%s", c.name, got, said, why)
	}
	return got
}

func (d *door) attempt(c scenario) (got, said, why string) {
	at := time.Now().UTC().Truncate(time.Second) // a few minutes decide some of them
	w := world.At(at, systemStore).World()
	c.build(w)
	ok(d.t, d.ce.Remove(world.VOMSDir))
	d.install(w)
	conf := lab.Conf{Common: w.Common, Rules: []string{"voms=* * * *"}}
	d.runWith(conf)
	s := d.load(at)
	answer := admission.Ask(s, admission.Person{Chain: certificates(d.t, w.ClientChain())}, access.JobInfo)
	said, why = saidWords(answer), steps(answer)
	if stop := lint.Run(s, catalog.Starts()).Stop(); stop != nil {
		said, why = notStarted, stop.Headline
	}
	if errors.Is(d.failed, lab.ErrNotStarted) {
		return notStarted, said, why
	}
	return inWords(d.ce.AskWithCertificate(w.ClientChain())), said, why
}

// load reads the files of the CE as arclint whoami --cert does.
func (d *door) load(at time.Time) *site.Site {
	tree, err := rootfs.Dir(d.ce.Path("/"))
	ok(d.t, err)
	defer tree.Close()
	s, err := site.Load(tree, site.Options{Root: "the CE of " + d.ce.Name, Now: at})
	ok(d.t, err)
	return s
}

func inWords(a lab.Answer) string {
	switch {
	case !a.Trusted():
		return connectionEnds
	case a.Accepted():
		return attributesCount
	}
	return attributesDropped
}

func saidWords(a admission.Answer) string {
	switch {
	case a.Unknown != "" || len(a.Depends) > 0:
		return "not known"
	case a.Allowed:
		return attributesCount
	case a.Status == 0:
		return connectionEnds
	}
	return attributesDropped
}

func steps(a admission.Answer) string {
	var b strings.Builder
	for _, s := range a.Trace {
		fmt.Fprintf(&b, "    %s: %s [%s]\n", s.Rule, s.Result, s.Source)
	}
	return b.String()
}

// membershipTable is what the CEs did, by scenario and release.
type membershipTable struct {
	roll
	mu   sync.Mutex
	rows map[string]map[string]string
}

func (m *membershipTable) add(release, name, did string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows[name] == nil {
		m.rows[name] = map[string]string{}
	}
	m.rows[name][release] = did
}

// membershipRows are the rows that the tests of internal/trust rebuild without a lab.
var membershipRows = filepath.Join("..", "trust", "testdata", "voms.tsv")

func (m *membershipTable) compare(t *testing.T) {
	if !m.whole(t) {
		return
	}
	var lines []string
	head := "scenario"
	for _, s := range lab.Suites() {
		head += "\t" + s.Measured
	}
	for name, did := range m.rows {
		line := name
		for _, s := range lab.Suites() {
			line += "\t" + did[s.Measured]
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	golden.Check(t, membershipRows, []byte(head+"\n"+strings.Join(lines, "\n")+"\n"))
	compareSection(t, "VOMS attributes", m.section())
}

// section counts what the CEs did, by group of scenarios.
func (m *membershipTable) section() string {
	var b strings.Builder
	b.WriteString(m.line() + "\n")
	b.WriteString("A client whose proxy carries VOMS attributes asks a CE whose one authgroup takes in whoever has some that count. Each scenario changes one thing of a sound site or of a sound proxy. " +
		"`whoami --cert` agrees in all of them: the attributes count, ARC drops them, or it ends the connection. Where it does not start, `check` says so. `internal/trust/testdata/voms.tsv` has every row.\n\n")
	b.WriteString("| about |" + columns(func(s lab.Suite) string { return "ARC " + s.Measured }) + "\n|---|" + strings.Repeat("---|", len(lab.Suites())) + "\n")
	for _, g := range world.MembershipGroups() {
		fmt.Fprintf(&b, "| %s |%s\n", g.About, columns(func(s lab.Suite) string { return m.tally(g, s.Measured) }))
	}
	return b.String()
}

// tally is "29 (count 13, dropped 16)", of a group on a release.
func (m *membershipTable) tally(g world.MembershipGroup, release string) string {
	n := map[string]int{}
	for name := range g.Scenarios {
		n[m.rows[name][release]]++
	}
	var parts []string
	for _, did := range [][2]string{{attributesCount, "count"}, {attributesDropped, "dropped"}, {connectionEnds, connectionEnds}, {notStarted, "no start"}} {
		if n[did[0]] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", did[1], n[did[0]]))
		}
	}
	return fmt.Sprintf("%d (%s)", len(g.Scenarios), strings.Join(parts, ", "))
}
