//go:build lab

package lab_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"arclint/fixtures/pki"
	"arclint/fixtures/world"
	"arclint/internal/facts"
	"arclint/internal/lab"
)

// state of a defect in a release.
type state string

const (
	present state = "present"
	gone    state = "gone"
	foreign state = "does not apply" // the release has not what it is in
)

// defect is one of ARC, with what shows it.
type defect struct {
	title  string
	source string
	show   func(d *desk) state
}

// desk is a bench on which a defect is shown.
type desk struct{ *bench }

var defects = []defect{
	{"the key fetch does not compare the issuer's certificate with its host name", "arc-behaviour S10", func(d *desk) state {
		got := d.show("D", "leaf for another host")
		return presentIf(got.token.Accepted())
	}},
	{"signing policies are not enforced on client certificates", "arc-behaviour E2", func(d *desk) state {
		got := d.show("E", "leaf issuer: other pattern")
		return presentIf(got.client.Trusted())
	}},
	{"x509_cert_dir has no effect on the key fetch", "arc-behaviour H1", func(d *desk) state {
		return presentIf(!d.show("L", "x509_cert_dir alone has the root").token.Accepted())
	}},
	{"with x509_cert_policy=system the hash directory does not count for client certificates", "arc-behaviour C9", func(d *desk) state {
		got := d.show("L", "x509_cert_policy=system, the root in the system directory")
		if got.notStarted != nil {
			return foreign
		}
		return presentIf(!got.client.Trusted())
	}},
	{"x509_cert_policy=any is read as system", "arc-behaviour C9", func(d *desk) state {
		got := d.show("L", "x509_cert_policy=any, the root in the grid directory")
		if got.notStarted != nil {
			return foreign
		}
		return presentIf(!got.token.Accepted() && !got.client.Trusted())
	}},
	{"a second x509_host_key, as the packaged arc.conf.d has it, breaks TLS", "arc-behaviour C10", func(d *desk) state {
		if !d.ce.Does.ConfD {
			return foreign
		}
		return presentIf(d.show("L", "arc.conf.d: a second x509_host_key, the same").notStarted != nil)
	}},
	{"arcctl deploy jwt-issuer fails on Python 3.12 and later", "arc-behaviour G4", func(d *desk) state {
		said := d.deploy()
		if strings.Contains(said, "invalid choice") {
			return foreign
		}
		return presentIf(strings.Contains(said, "key_file"))
	}},
}

func presentIf(is bool) state {
	if is {
		return present
	}
	return gone
}

// show asks about a measured scenario, unless the bench has done so.
func (d *desk) show(group, name string) outcome {
	if got, done := d.seen[group+" "+name]; done {
		return got
	}
	build, known := world.Scenarios()[group][name]
	if !known {
		d.t.Fatalf("there is no scenario %s %q", group, name)
	}
	w := worlds.World()
	build(w)
	got, _ := d.try(w)
	return got
}

// deploy lets arcctl fetch the keys of an issuer that its machine trusts.
func (d *desk) deploy() string {
	w := worlds.World()
	ok(d.t, d.ce.Write("/usr/local/share/ca-certificates/example.crt", string(w.Root.PEM()), 0o644))
	issuer, err := lab.Serve(world.Issuer, []*pki.Entity{w.Leaf, w.Inter}, []lab.SigningKey{signingKey})
	ok(d.t, err)
	defer issuer.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, _ := d.ce.Command(ctx, "sh", "-c", "update-ca-certificates >/dev/null 2>&1; arcctl deploy jwt-issuer "+issuer.URL).CombinedOutput()
	return string(out)
}

// TestDefects shows which defects of ARC itself each release has, and asks no
// more than that takes. TestScenarios shows them as well.
func TestDefects(t *testing.T) {
	found := &defectives{states: map[string][]state{}}
	t.Run("suites", func(t *testing.T) {
		eachSuite(t, func(t *testing.T, s lab.Suite, chroot string) {
			found.add(&bench{t: t, ce: open(t, s, chroot)})
		})
	})
	found.compare(t)
}

// defectives collects which release has which defects.
type defectives struct {
	roll
	mu     sync.Mutex
	states map[string][]state // by release, in the order of defects
}

func (f *defectives) add(b *bench) {
	var states []state
	for _, defect := range defects {
		states = append(states, defect.show(&desk{b}))
	}
	f.sign(b.t, b.ce)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.states[b.ce.Measured] = states
}

// compare prints the table and holds docs/fidelity.md against it.
func (f *defectives) compare(t *testing.T) {
	if len(f.states) < len(lab.Suites()) {
		return
	}
	table := f.line() + defectTable(f.states)
	t.Log("defects of ARC itself\n" + table)
	if f.whole(t) {
		compareSection(t, "Defects of ARC itself", table)
	}
}

func defectTable(found map[string][]state) string {
	var b strings.Builder
	b.WriteString("\n| defect | source |")
	for _, s := range lab.Suites() {
		fmt.Fprintf(&b, " ARC %s |", s.Measured)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(lab.Suites())) + "\n")
	for i, d := range defects {
		fmt.Fprintf(&b, "| %s | %s |", d.title, facts.Linked(d.source))
		for _, s := range lab.Suites() {
			fmt.Fprintf(&b, " %s |", found[s.Measured][i])
		}
		b.WriteString("\n")
	}
	return b.String()
}
